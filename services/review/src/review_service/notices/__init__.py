"""公示: the list shown to the public, with its clock."""
