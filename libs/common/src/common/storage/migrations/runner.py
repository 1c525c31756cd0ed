"""Bringing a database to the version of the code, and refusing a database that does not fit the code.

Migrations are numbered files in `<package>/migrations` with one head, run by Alembic, which is configured here. Each
names its `FLOOR`: a release whose newest migration is this one, or a later one, still works with the migrated database.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, text

from common.storage.database.engine import Database
from common.storage.migrations import steps
from common.storage.migrations.rights import Rights, protect

COMPATIBILITY: Final = Table("compatibility", MetaData(), Column("floor", Text, nullable=False))
LOCK_TIMEOUT: Final = "5s"
_LOCK_KEY: Final = 7_316_520_151


class DatabaseNotReadyError(Exception):
    """The database is older than the code, or so much newer that this code no longer works with it."""


def scripts(package: str) -> ScriptDirectory:
    """Return a service's migrations."""
    home = str(files(package).joinpath("migrations"))
    return ScriptDirectory(home, version_locations=[home])


def head(package: str) -> str:
    """Return the newest migration in this code. Raises Alembic's error when there are several heads."""
    newest = scripts(package).get_current_head()
    if newest is None:
        raise ValueError(f"{package} has no migration")
    return newest


def record_steps(package: str) -> list[str]:
    """Return the names of the record steps (steps.py) that a service's migrations call, from the first to the head."""
    line = reversed(list(scripts(package).walk_revisions()))
    return [name for script in line for name in steps.called_in(Path(script.path).read_text("utf-8"))]


async def migrate(database: Database, package: str, rights: Rights | None = None) -> None:
    """Bring the database to the code's head in one commit, with the rights to its tables; None makes only the tables.

    On PostgreSQL an advisory lock allows one process to migrate at a time, and a lock time-out ends the migration when
    a table stays locked.
    """
    async with database.write() as connection:
        await connection.run_sync(_upgrade, package)
        if rights is not None:
            await connection.run_sync(protect, rights)
        await connection.commit()


async def check(database: Database, package: str) -> None:
    """Raise DatabaseNotReadyError when the database is behind this code's newest migration, or its floor is past it."""
    async with database.read() as connection:
        current, floor = await connection.run_sync(_current_and_floor)
    newest = head(package)
    known = {script.revision for script in scripts(package).walk_revisions()}
    if current is None or (current in known and current != newest):
        found = current or "no version"
        raise DatabaseNotReadyError(f"the database is at {found}, the code at {newest}: migrate first")
    if current not in known and (floor is None or floor > newest):
        raise DatabaseNotReadyError(f"the database is at {current} and needs at least the code of {floor}")


def is_service_table(name: str | None, kind: str, _parents: object) -> bool:
    """Return false for the tables of the migrations themselves, so that Alembic's `include_name` ignores them."""
    return not (kind == "table" and name in {"alembic_version", COMPATIBILITY.name})


async def differences(database: Database, metadata: MetaData) -> list[Any]:
    """Return the differences between the database's tables and the code's, for the test that requires none."""
    async with database.read() as connection:
        return await connection.run_sync(_compare, metadata)


def _compare(connection: Connection, metadata: MetaData) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"include_name": is_service_table})
    return list(compare_metadata(context, metadata))


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


def _current_and_floor(connection: Connection) -> tuple[str | None, str | None]:
    current = MigrationContext.configure(connection).get_current_revision()
    has_floor = inspect(connection).has_table(COMPATIBILITY.name)
    return current, connection.execute(COMPATIBILITY.select()).scalar() if has_floor else None
