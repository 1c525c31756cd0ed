"""届次: the rules and dates of a round, as the applications service told them."""
