"""Fixtures that every test may ask for, and what a run says at its end."""

from support.messaging.shared import kafka
from support.service.databases import (
    database,
    database_url,
    postgres_admin_url,
    postgres_owner_url,
    postgres_url,
    pytest_collection_modifyitems,
    schemas,
)
from support.service.ending import end_in_order
from support.service.properties import give_properties_time
from support.service.summary import (
    pytest_ignore_collect,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)
from support.service.umask import without_umask

__all__ = [
    "database",
    "database_url",
    "kafka",
    "postgres_admin_url",
    "postgres_owner_url",
    "postgres_url",
    "pytest_collection_modifyitems",
    "pytest_ignore_collect",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
    "schemas",
    "without_umask",
]


def pytest_configure() -> None:
    """Have a terminated run clean up, and no property test fail for being slow."""
    end_in_order()
    give_properties_time()
