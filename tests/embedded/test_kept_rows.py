"""Rows that are kept: no service can change or remove them, on PostgreSQL as the role it runs as, nor on SQLite."""

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table, insert, make_url
from sqlalchemy.exc import DBAPIError

from common.service import Service
from common.storage.columns import EnumText, Headers, JsonText, UtcDateTime
from common.storage.database.engine import Database, open_database
from common.storage.kept import kept_tables
from common.storage.migrations.rights import Rights, UnprotectedError, check_rights, unique_keys
from common.storage.migrations.runner import migrate
from embedded.origin.parts import SERVICES
from support.service.databases import owner_url, put_migrated

OF_ALL = {"audit", "dead_letters", "inbox", "seals"}
KEPT = {
    "applications": OF_ALL | {"recommendations", "reminders"},
    "review": OF_ALL | {"desk_reminders", "draws", "statements"},
    "registry": OF_ALL | {"brand_changes"},
    "notifications": OF_ALL | {"feed"},
}
NUMBERS = count(1)
STAY = "stay as they are"
REFUSED = rf"{STAY}|permission denied"


@pytest.fixture(params=SERVICES, ids=lambda service: service.name)
def service(request: pytest.FixtureRequest) -> Service:
    found: Service = request.param
    return found


@pytest.fixture
async def running(service: Service, database_url: str) -> AsyncIterator[Database]:
    """The service's own database, opened as the service opens it, with a row in each table that is kept."""
    await put_migrated(database_url, service)
    database = open_database(database_url)
    async with database.write() as connection:
        for table, _ in kept_tables(service.metadata):
            await connection.execute(insert(table).values(row_of(table)))
        await connection.commit()
    yield database
    await database.close()


VALUES: Mapping[type[Any], Any] = {
    UtcDateTime: datetime(2026, 11, 23, tzinfo=UTC),
    Date: date(2026, 11, 23),
    Headers: {},
    JsonText: {},
    Boolean: False,
    LargeBinary: b"{}",
}


def row_of(table: Table) -> dict[str, Any]:
    return {column.name: value_of(column) for column in table.c if column.name != "seq" or table.name == "seals"}


def value_of(column: Column[Any]) -> Any:  # noqa: ANN401 -- a value of the column's type
    kind: Any = column.type
    if isinstance(kind, EnumText):
        members: type[StrEnum] = kind.enum
        return next(iter(members))
    number = next(NUMBERS)
    return VALUES.get(type(kind), number if isinstance(kind, Integer) else f"{number:032x}")


def changes(table: Table, allowed: tuple[str, ...]) -> Iterator[str]:
    """Yield each statement that must be refused on both databases."""
    yield f'DELETE FROM "{table.name}"'  # noqa: S608 -- our own names
    for column in table.c:
        if column.name not in allowed:
            yield f'UPDATE "{table.name}" SET "{column.name}" = "{column.name}"'  # noqa: S608 -- our own names


def test_the_kept_tables_are_those_that_are_meant() -> None:
    assert {one.name: {table.name for table, _ in kept_tables(one.metadata)} for one in SERVICES} == KEPT


async def test_no_kept_row_is_changed_through_the_connection_of_the_service(
    running: Database, service: Service
) -> None:
    for table, rule in kept_tables(service.metadata):
        for statement in changes(table, rule.changes):
            async with running.write() as connection:
                with pytest.raises(DBAPIError, match=REFUSED):
                    await connection.exec_driver_sql(statement)


async def test_what_may_change_of_a_kept_row_still_does(running: Database) -> None:
    async with running.write() as connection:
        await connection.exec_driver_sql("UPDATE dead_letters SET redriven_at = at")
        await connection.commit()


async def test_a_row_is_not_replaced_by_the_insert_of_another_with_any_of_its_keys(
    service: Service, tmp_path: Path
) -> None:
    path = tmp_path / "service.db"
    await put_migrated(f"sqlite:///{path}", service)
    for table, rule in kept_tables(service.metadata):
        for key in [*unique_keys(table), ("rowid",)]:
            with closing(sqlite3.connect(path)) as raw:  # an outsider's, which does not ask for recursive triggers
                raw.execute(*inserting(table))
                raw.row_factory = sqlite3.Row
                (stored,) = (dict(row) for row in raw.execute(f'SELECT rowid AS rowid, * FROM "{table.name}"'))  # noqa: S608 -- our own names
                _, other = inserting(table)
                forged = dict(zip(row_of(table), other, strict=True)) | {name: stored[name] for name in key}
                replacing = (
                    f'INSERT OR REPLACE INTO "{table.name}" ({", ".join(forged)})'  # noqa: S608 -- our own names
                    f" VALUES ({', '.join('?' * len(forged))})"
                )
                if rule.absorbs:
                    raw.execute(replacing, list(forged.values()))
                else:
                    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
                        raw.execute(replacing, list(forged.values()))
                assert [dict(row) for row in raw.execute(f'SELECT rowid AS rowid, * FROM "{table.name}"')] == [stored]  # noqa: S608 -- our own names


async def test_a_key_that_is_stored_is_absorbed_beside_new_ones(tmp_path: Path) -> None:
    (service, *_) = SERVICES
    path = tmp_path / "service.db"
    await put_migrated(f"sqlite:///{path}", service)
    entering = "INSERT INTO inbox (consumer, event_id, received_at) VALUES ('c', ?, 'x'), ('c', ?, 'x')"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(entering, ("a", "b"))
        raw.execute(f"{entering} ON CONFLICT DO NOTHING", ("b", "c"))
        assert raw.execute("SELECT event_id FROM inbox ORDER BY event_id").fetchall() == [("a",), ("b",), ("c",)]


async def test_no_kept_row_is_changed_through_a_raw_connection_to_sqlite(service: Service, tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    await put_migrated(f"sqlite:///{path}", service)
    with closing(sqlite3.connect(path)) as raw:
        for table, rule in kept_tables(service.metadata):
            raw.execute(*inserting(table))
            for statement in changes(table, rule.changes):
                with pytest.raises(sqlite3.IntegrityError, match=STAY):
                    raw.execute(statement)


async def test_the_running_role_of_postgresql_can_neither_change_a_kept_table_nor_its_rows_nor_its_rights(
    service: Service, postgres_url: str
) -> None:
    await put_migrated(postgres_url, service)
    done = []
    raw = await asyncpg.connect(postgres_url)
    try:
        for table, rule in kept_tables(service.metadata):
            for statement in (*changes(table, rule.changes), *takeovers(table.name)):
                try:
                    await raw.execute(statement)
                except asyncpg.InsufficientPrivilegeError:
                    continue
                done.append(statement)
            assert await raw.fetchval("SELECT has_table_privilege($1, 'UPDATE, DELETE, TRUNCATE')", table.name) is False
    finally:
        await raw.close()
    # Of a right that one has not, PostgreSQL only warns that nothing was granted.
    assert [statement for statement in done if not statement.startswith("GRANT")] == []


async def test_the_owner_of_the_tables_changes_no_kept_row_by_mistake(service: Service, postgres_url: str) -> None:
    await put_migrated(postgres_url, service)
    owner = await asyncpg.connect(owner_url(postgres_url))
    try:
        for table, rule in kept_tables(service.metadata):
            for statement in (*changes(table, rule.changes), f"TRUNCATE {table.name}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match=STAY):
                    await owner.execute(statement)
    finally:
        await owner.close()


async def test_the_running_role_changes_every_other_table_and_makes_none(service: Service, postgres_url: str) -> None:
    await put_migrated(postgres_url, service)
    kept = {table.name for table, _ in kept_tables(service.metadata)}
    raw = await asyncpg.connect(postgres_url)
    try:
        for name in service.metadata.tables.keys() - kept:
            await raw.execute(f'DELETE FROM "{name}"')  # noqa: S608 -- our own names
        for statement in (
            "CREATE TABLE other (id text)",
            "DELETE FROM alembic_version",
            "UPDATE compatibility SET floor = 1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(statement)
    finally:
        await raw.close()


async def test_a_service_does_not_start_without_the_triggers(service: Service, database_url: str) -> None:
    await put_migrated(database_url, service)
    owner = open_database(database_url if database_url.startswith("sqlite") else owner_url(database_url))
    try:
        await check_rights(owner, service.metadata, strict=False)
        dropped = "keep_seals_from_delete" if owner.dialect == "sqlite" else "keep_seals ON seals"
        async with owner.write() as connection:
            await connection.exec_driver_sql(f"DROP TRIGGER {dropped}")
            await connection.commit()
        with pytest.raises(UnprotectedError, match="the rows of seals are not protected by a trigger: migrate first"):
            await check_rights(owner, service.metadata, strict=False)
        await migrate(owner, service.package, Rights(service.metadata))
        await check_rights(owner, service.metadata, strict=False)
    finally:
        await owner.close()


async def test_production_refuses_a_role_that_may_do_more_to_a_kept_table(service: Service, postgres_url: str) -> None:
    await put_migrated(postgres_url, service)
    running, owner = open_database(postgres_url), open_database(owner_url(postgres_url))
    try:
        await check_rights(running, service.metadata, strict=True)
        with pytest.raises(UnprotectedError, match="may delete, truncate, add triggers to, alter, update audit"):
            await check_rights(owner, service.metadata, strict=True)
        async with owner.write() as connection:
            await connection.exec_driver_sql(f"GRANT UPDATE (hash) ON seals TO {make_url(postgres_url).username}")
            await connection.commit()
        with pytest.raises(UnprotectedError, match="the role may update seals"):
            await check_rights(running, service.metadata, strict=True)
        await migrate(owner, service.package, Rights(service.metadata, make_url(postgres_url).username))
        await check_rights(running, service.metadata, strict=True)
    finally:
        await running.close()
        await owner.close()


def inserting(table: Table) -> tuple[str, list[Any]]:
    """Return an INSERT as any program would send it."""
    row = row_of(table)
    values = [
        json.dumps(value) if isinstance(value, dict) else value.isoformat() if isinstance(value, date) else value
        for value in row.values()
    ]
    names = ", ".join(f'"{name}"' for name in row)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(row))})', values  # noqa: S608 -- our own names


def takeovers(name: str) -> Iterator[str]:
    """Yield what a role would have to do to get around the refusals of PostgreSQL."""
    yield f"TRUNCATE {name}"
    yield f"TRUNCATE {name} CASCADE"
    yield f"DROP TABLE {name}"
    yield f"ALTER TABLE {name} ADD COLUMN more text"
    yield f"ALTER TABLE {name} RENAME TO other"
    yield f"ALTER TABLE {name} DISABLE TRIGGER ALL"
    yield f"ALTER TABLE {name} DISABLE TRIGGER keep_{name}"
    yield f"ALTER TABLE {name} OWNER TO CURRENT_USER"
    yield f"DROP TRIGGER keep_{name} ON {name}"
    yield f"CREATE TRIGGER other BEFORE INSERT ON {name} EXECUTE FUNCTION keep_rows()"
    yield f"CREATE RULE other AS ON INSERT TO {name} DO INSTEAD NOTHING"
    yield f"GRANT UPDATE ON {name} TO CURRENT_USER"
    yield f"COPY {name} TO PROGRAM 'true'"
    yield "DROP FUNCTION keep_rows() CASCADE"
    yield "SET session_replication_role = replica"
