"""The audit: how its rows are sealed into a hash chain, and how they are read."""
