"""The HTTP feed of events."""
