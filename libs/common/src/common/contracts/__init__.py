"""The event contract: one file per producer, and the envelope they share."""
