"""The events of the notifications service: the outcomes of messages, for our own services only."""
