"""届次: the rules and dates of a round, learned from the events of the applications service."""
