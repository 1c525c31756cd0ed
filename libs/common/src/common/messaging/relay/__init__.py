"""Publishing the outbox: one active relay per service, in order per key."""
