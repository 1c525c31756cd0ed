"""How events travel: outbox, relay, bus, consumer. Nothing here knows what an event says."""
