"""Fixtures of the API's tests: the whole platform, on each database."""

from support.service.platform import databases, platform, shared_platform

__all__ = ["databases", "platform", "shared_platform"]
