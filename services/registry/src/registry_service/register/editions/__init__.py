"""方案: the rules under which a brand was granted."""
