"""The review service alone: on each database, or on SQLite for what no database decides."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_service.service import SERVICE
from support.service.alone import Alone, alone


@pytest.fixture
async def service(database_url: str, tmp_path: Path) -> AsyncIterator[Alone]:
    """The service, empty, once on SQLite and once on PostgreSQL."""
    async with alone(SERVICE, database_url, tmp_path) as running:
        yield running


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[Alone]:
    """The service, empty, on SQLite alone: for authorisation and refusals, which no database decides."""
    async with alone(SERVICE, f"sqlite:///{tmp_path / 'service.db'}", tmp_path) as running:
        yield running
