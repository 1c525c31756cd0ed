"""Reading events: one transaction per chunk, retries, parked keys, dead letters."""
