"""称号: the titles of the register with their ends and bars, learned by event."""
