"""Fixtures of the stories: a player on the whole platform, on each database."""

from support.platform import databases, player

__all__ = ["databases", "player"]
