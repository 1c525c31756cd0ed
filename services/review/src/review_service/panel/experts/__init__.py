"""专家: a person who may be drawn, with the organisations that he must not judge."""
