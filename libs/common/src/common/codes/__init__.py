"""Codes and calendars that the state publishes. No I/O."""
