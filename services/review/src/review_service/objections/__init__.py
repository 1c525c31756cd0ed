"""异议: what the public holds against a listed application."""
