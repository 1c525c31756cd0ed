"""Fixtures of the races: the whole platform on each database."""

from support.service import platform as fixtures

databases = fixtures.databases
platform = fixtures.platform
