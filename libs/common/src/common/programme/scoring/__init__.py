"""From experts' sheets to the official score, with the full arithmetic trace."""
