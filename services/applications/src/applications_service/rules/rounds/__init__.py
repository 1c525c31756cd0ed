"""届次: one call of a programme, from its opening to its closing."""
