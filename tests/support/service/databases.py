"""Fixtures: a fresh database on SQLite and on PostgreSQL, so that a test runs on both."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest
from sqlalchemy import event, make_url
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from common.service import Service
from common.storage.database.engine import Database, open_database
from common.storage.migrations.rights import Rights, grants
from common.storage.migrations.runner import migrate
from support.service.schemas import Schemas, note_tables
from support.service.summary import TESTS

LONGEST: Final = ("whole", "stack", "buses", "embedded")
"""Layers whose tests start servers. They come first: a worker gets them as one piece and starts one broker for all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need PostgreSQL alone, and put the longest layers first; their order inside stays random."""
    for item in items:
        if "postgres_admin_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)
    items.sort(key=_turn)


def layer_of(path: Path) -> str:
    """Return the folder of `tests/` that a test is in."""
    return path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else ""


def _turn(item: pytest.Item) -> int:
    layer = layer_of(item.path)
    return LONGEST.index(layer) if layer in LONGEST else len(LONGEST)


CHANGES: Final = ("CREATE", "ALTER", "INSERT")
"""How the statements of a migration begin that change the schema, which the others only read."""

DIALECT: Final = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # the library's own gap
_MIGRATED: Final[dict[str, bytes]] = {}
_STATEMENTS: Final[dict[str, list[str]]] = {}


def owner_url(url: str) -> str:
    """Return the URL by which migrations reach a database of the tests: that of the role that owns the tables."""
    role = make_url(url).username
    return url.replace(f"//{role}:", f"//{role}_owner:", 1)  # `{service}` in it must stay as it is


async def put_migrated(url: str, service: Service) -> None:
    """Give an empty database a service's tables, by a copy: a test process runs its migrations once per kind."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        await _copy_file(Path(parts.database or ""), service)
    else:
        await _repeat_statements(url, Rights(service.metadata, parts.username), service.package)


async def _copy_file(path: Path, service: Service) -> None:
    if await asyncio.to_thread(path.exists):
        return
    if service.package not in _MIGRATED:
        with tempfile.TemporaryDirectory() as folder:
            first = Path(folder, "migrated.db")
            database = open_database(f"sqlite:///{first}")
            await migrate(database, service.package, Rights(service.metadata))
            await database.close()
            _MIGRATED[service.package] = await asyncio.to_thread(first.read_bytes)
    await asyncio.to_thread(path.write_bytes, _MIGRATED[service.package])


async def _repeat_statements(url: str, rights: Rights, package: str) -> None:
    """Execute what the migrations executed in the first schema: in one message, and without asking for anything."""
    connection = await asyncpg.connect(owner_url(url))
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')"):
            return
        if package in _STATEMENTS:
            schema = await connection.fetchval("SELECT current_schema()")
            given = grants(DIALECT.identifier_preparer, rights, schema=schema)
            await connection.execute(";\n".join([*_STATEMENTS[package], *given]))
        else:
            _STATEMENTS[package] = await _migrated(url, rights, package)
        await note_tables(connection, package)
    finally:
        await connection.close()


async def _migrated(url: str, rights: Rights, package: str) -> list[str]:
    """Run the migrations, and return the statements that they executed."""
    executed: list[str] = []

    def note(*of_call: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own arguments
        statement, parameters = of_call[2], of_call[3]
        if not parameters and statement.lstrip().startswith(CHANGES):
            executed.append(statement)

    database = open_database(owner_url(url))
    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await migrate(database, package, rights)
    await database.close()
    return executed


@pytest.fixture(scope="session")
def postgres_admin_url() -> Iterator[str]:
    """Provide a server on which databases may be made: the one in TEST_DATABASE_URL, else one started for this run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # inside the fence of one service there is no stack, and no test needs PostgreSQL
    from stack.servers.postgres import PostgresMissing  # noqa: PLC0415 -- as the line above says
    from support.service.postgres import server_for_tests  # noqa: PLC0415 -- as above

    try:
        server = server_for_tests()
    except PostgresMissing as missing:
        pytest.skip(str(missing))
    try:
        server.start()
        yield server.admin_url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def schemas(postgres_admin_url: str) -> Iterator[Schemas]:
    """Provide the schemas of this run on the server, dropped at its end."""
    schemas = Schemas(postgres_admin_url)
    yield schemas
    asyncio.run(schemas.drop())


@pytest.fixture
async def postgres_url(request: pytest.FixtureRequest, schemas: Schemas) -> AsyncIterator[str]:
    """Provide the URL of a PostgreSQL schema for a running role: cheaper than a database of its own.

    The schema belongs to another role (`owner_url`), which makes the tables. It is empty, or for a test in the layer of
    a service it may have that service's tables already, without rows: then there is nothing to migrate.
    """
    async with schemas.lent(f"{layer_of(request.path)}_service") as schema:
        yield (
            make_url(schemas.admin_url)
            .set(username=schema.name, password=schema.password)
            .render_as_string(hide_password=False)
        )


@pytest.fixture
def postgres_owner_url(postgres_url: str) -> str:
    """Provide the URL of an empty PostgreSQL schema for the role that owns it."""
    return owner_url(postgres_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Provide the URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Provide an empty open database in which the test makes its tables, once on SQLite and once on PostgreSQL."""
    opened = open_database(database_url if database_url.startswith("sqlite") else owner_url(database_url))
    yield opened
    await opened.close()
