"""催办: which expert, officer or firm was reminded of which term."""
