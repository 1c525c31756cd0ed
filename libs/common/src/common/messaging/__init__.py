"""Delivery of events: outbox, relay, bus, consumer. Nothing here knows the content of an event."""
