"""Bringing a database to the version of the code, and refusing to run against one that does not fit.

Migrations are numbered files in `<package>/migrations`, one head each, run by Alembic configured here. Each names its
`FLOOR`: the oldest head whose code can still work with the database after it (expand, deploy, contract).
"""

from importlib.resources import files
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, text

from common.storage.engine import Database

COMPATIBILITY: Final = Table("compatibility", MetaData(), Column("floor", Text, nullable=False))
LOCK_TIMEOUT: Final = "5s"
_LOCK_KEY: Final = 7_316_520_151


class DatabaseNotReadyError(Exception):
    """The database is behind the code, or has moved on so far that this code cannot use it any more."""


def scripts(package: str) -> ScriptDirectory:
    """Return a service's migrations."""
    home = str(files(package).joinpath("migrations"))
    return ScriptDirectory(home, version_locations=[home])


def head(package: str) -> str:
    """Return the newest migration that this code knows. Raises Alembic's error unless there is exactly one head."""
    newest = scripts(package).get_current_head()
    if newest is None:
        raise ValueError(f"{package} has no migration")
    return newest


async def migrate(database: Database, package: str) -> None:
    """Bring the database to the code's head in one commit.

    On PostgreSQL one process does it at a time (advisory lock), and a table that stays locked ends it (lock time-out).
    """
    async with database.write() as connection:
        await connection.run_sync(_upgrade, package)
        await connection.commit()


async def check(database: Database, package: str) -> None:
    """Raise DatabaseNotReadyError unless the database is at or past this code's head and its floor is not past it."""
    async with database.read() as connection:
        current, floor = await connection.run_sync(_standing)
    newest = head(package)
    known = {script.revision for script in scripts(package).walk_revisions()}
    if current is None or (current in known and current != newest):
        found = current or "no version"
        raise DatabaseNotReadyError(f"the database is at {found}, the code at {newest}: migrate first")
    if current not in known and (floor is None or floor > newest):
        raise DatabaseNotReadyError(f"the database is at {current} and needs at least the code of {floor}")


async def differences(database: Database, metadata: MetaData) -> list[Any]:
    """Return in what the database's tables differ from the code's, for the test that keeps them alike."""
    async with database.read() as connection:
        return await connection.run_sync(_compare, metadata)


def _compare(connection: Connection, metadata: MetaData) -> list[Any]:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name in {"alembic_version", COMPATIBILITY.name})

    return list(compare_metadata(MigrationContext.configure(connection, opts={"include_name": ours}), metadata))


def _upgrade(connection: Connection, package: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"))
    directory = scripts(package)

    def to_head(revision: Any, _context: MigrationContext) -> Any:  # noqa: ANN401 -- Alembic's own callback
        return directory._upgrade_revs("head", revision)  # noqa: SLF001 -- what alembic.command.upgrade calls

    with EnvironmentContext(Config(), directory, fn=to_head) as environment:
        environment.configure(connection=connection, render_as_batch=True)
        environment.run_migrations()
    newest = directory.get_revision(head(package))
    COMPATIBILITY.create(connection, checkfirst=True)
    connection.execute(COMPATIBILITY.delete())
    connection.execute(COMPATIBILITY.insert().values(floor=newest.module.FLOOR))


def _standing(connection: Connection) -> tuple[str | None, str | None]:
    current = MigrationContext.configure(connection).get_current_revision()
    has_floor = inspect(connection).has_table(COMPATIBILITY.name)
    return current, connection.execute(COMPATIBILITY.select()).scalar() if has_floor else None
