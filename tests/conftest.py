"""Fixtures that every test may ask for, and what a run says at its end."""

from support.databases import (
    database,
    database_url,
    postgres_admin_url,
    postgres_url,
    pytest_collection_modifyitems,
)
from support.ending import end_in_order
from support.properties import give_properties_time
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
    "pytest_ignore_collect",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]


def pytest_configure() -> None:
    """Have a run end in order when it is told to, and no property fail for being slow."""
    end_in_order()
    give_properties_time()
