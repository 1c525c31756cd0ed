"""The numbered migrations of this service."""
