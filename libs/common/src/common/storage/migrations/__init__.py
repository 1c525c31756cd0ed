"""Numbered migrations: running them, drafting the next one, and the steps that all services share."""
