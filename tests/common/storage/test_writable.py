"""The probe behind `/readyz`: a database that takes no write says why, and again that it takes them."""

from pathlib import Path

import asyncpg

from common.storage.database.engine import Database, open_database
from common.storage.database.writable import WriteProbe
from support.service.disks import no_room


async def test_a_database_that_takes_writes_has_no_failure(database: Database) -> None:
    assert await WriteProbe().failure(database) is None


async def test_a_full_disk_is_named_and_an_answer_holds_for_a_moment(tmp_path: Path) -> None:
    database, probe = open_database(f"sqlite:///{tmp_path / 'service.db'}"), WriteProbe()
    try:
        assert await WriteProbe().failure(database) is None
        with no_room():
            failure = await probe.failure(database)
            assert failure is not None
            assert failure.startswith(("SQLITE_IOERR", "SQLITE_FULL", "no connection"))
        assert await probe.failure(database) == failure
        assert await WriteProbe().failure(database) is None
    finally:
        await database.close()


async def test_a_read_only_postgresql_is_named(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    database = open_database(postgres_url)
    try:
        await connection.execute("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on")
        assert await WriteProbe().failure(database) == "the database is read-only"
    finally:
        await connection.execute("SET default_transaction_read_only = off")
        await connection.execute("ALTER ROLE CURRENT_USER RESET default_transaction_read_only")
        await connection.close()
        await database.close()
