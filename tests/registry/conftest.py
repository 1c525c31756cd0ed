"""The registry service alone, on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry_service.service import SERVICE
from support.service import Alone, alone


@pytest.fixture
async def service(database_url: str, tmp_path: Path) -> AsyncIterator[Alone]:
    """The service, empty, once on SQLite and once on PostgreSQL."""
    async with alone(SERVICE, database_url, tmp_path) as running:
        yield running
