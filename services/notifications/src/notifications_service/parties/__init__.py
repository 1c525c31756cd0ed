"""当事人: which organisations are told about a case."""
