"""当事人: the organisations that are notified about a case."""
