"""异议: an objection of the public to a listed application."""
