"""Fixtures: a fresh database on SQLite and on PostgreSQL, so that a test is told the same by both."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from common.storage.engine import Database, open_database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for PostgreSQL itself; of the tests on both databases their ids tell."""
    for item in items:
        if "postgres_admin_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def postgres_admin_url() -> Iterator[str]:
    """Provide a server on which databases may be made: the one in TEST_DATABASE_URL, else one started for this run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # inside the fence of one service there is no stack, and nobody asks for PostgreSQL
    from stack.postgres import PostgresMissing  # noqa: PLC0415 -- as the line above says
    from support.postgres import server_for_tests  # noqa: PLC0415 -- as above

    try:
        server = server_for_tests()
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    try:
        server.start()
        yield server.admin_url
    finally:
        server.stop()


@pytest.fixture
async def postgres_url(postgres_admin_url: str) -> AsyncIterator[str]:
    """Provide the URL of an empty PostgreSQL schema with a role of this test's own: cheaper than a database."""
    name, password = f"test_{secrets.token_hex(6)}", secrets.token_hex(16)
    admin = await asyncpg.connect(postgres_admin_url)
    try:
        await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        await admin.execute(f"CREATE SCHEMA AUTHORIZATION {name}")
        yield make_url(postgres_admin_url).set(username=name, password=password).render_as_string(hide_password=False)
        await admin.execute(f"DROP OWNED BY {name} CASCADE")
        await admin.execute(f"DROP ROLE {name}")
    finally:
        await admin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Provide the URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Provide an empty open database, once on SQLite and once on PostgreSQL."""
    opened = open_database(database_url)
    yield opened
    await opened.close()
