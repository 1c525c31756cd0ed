"""Fixtures that every test may ask for, and what a run says at its end."""

from support.databases import (
    database,
    database_url,
    postgres_admin_url,
    postgres_url,
    pytest_collection_modifyitems,
)
from support.ending import pytest_configure
from support.summary import (
    pytest_ignore_collect,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

__all__ = [
    "database",
    "database_url",
    "postgres_admin_url",
    "postgres_url",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_ignore_collect",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]
