"""公示: the list that is shown to the public until its last day."""
