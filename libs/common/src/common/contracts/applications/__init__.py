"""The events of the applications service: programmes and rounds for everybody, applications for agencies."""
