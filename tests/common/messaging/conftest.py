"""The bench on SQLite and on PostgreSQL; `postgres_bench` is for behaviour that only PostgreSQL has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.storage.database.engine import Database, open_database
from support.messaging.small import Bench


@pytest.fixture
async def bench(database: Database, tmp_path: Path) -> AsyncIterator[Bench]:
    made = await Bench.make(database, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def postgres_bench(postgres_owner_url: str, tmp_path: Path) -> AsyncIterator[Bench]:
    database = open_database(postgres_owner_url)
    made = await Bench.make(database, tmp_path)
    yield made
    await made.close()
    await database.close()
