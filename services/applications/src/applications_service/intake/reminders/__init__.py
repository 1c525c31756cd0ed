"""催办: who was reminded of which term."""
