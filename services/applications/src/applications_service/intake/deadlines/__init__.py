"""期限: why a deadline falls on its day, and what an amended calendar does to those that run."""
