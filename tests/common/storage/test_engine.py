"""A database keeps exactly what is committed, reports when it is unavailable, and belongs to one process."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from common.kernel.errors import Transient
from common.storage.columns import EnumText, ExactDecimal, JsonText, UtcDateTime
from common.storage.database.engine import Database, Unavailable, constraint_name, open_database
from common.storage.database.sqlite import DatabaseOwned
from support.service.foreign import holding


class Colour(StrEnum):
    RED = "red"


METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
THINGS = Table(
    "things",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("number", Integer),
    Column("letter", Text),
    Column("code", Text, index=True, unique=True),
    Column("at", UtcDateTime),
    Column("amount", ExactDecimal),
    Column("content", JsonText),
    Column("colour", EnumText(Colour)),
    Column("parent", ForeignKey("things.id")),
    UniqueConstraint("number", "letter"),
    CheckConstraint("number > 0", name="positive"),
)


@pytest.fixture
async def stored(database: Database) -> Database:
    async with database.write() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.commit()
    return database


async def put(database: Database, **values: object) -> None:
    async with database.write() as connection:
        await connection.execute(insert(THINGS).values(**values))
        await connection.commit()


async def count(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(THINGS))).scalar_one()


async def test_what_was_not_committed_is_rolled_back(stored: Database) -> None:
    async with stored.write() as connection:
        await connection.execute(insert(THINGS).values(id="a"))
    assert await count(stored) == 0


async def test_an_error_in_the_block_rolls_back_and_the_next_writer_can_start(stored: Database) -> None:
    async def fail() -> None:
        async with stored.write() as connection:
            await connection.execute(insert(THINGS).values(id="a"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    await put(stored, id="b")
    assert await count(stored) == 1


async def test_a_read_transaction_cannot_write(stored: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        async with stored.read() as connection:
            await connection.execute(insert(THINGS).values(id="a"))
    assert await count(stored) == 0


async def test_a_reader_during_an_open_write_transaction_sees_the_state_before_it(stored: Database) -> None:
    async with stored.write() as connection:
        await connection.execute(insert(THINGS).values(id="a"))
        assert await count(stored) == 0
        await connection.commit()
    assert await count(stored) == 1


async def test_a_read_transaction_sees_one_snapshot_in_all_its_queries(stored: Database) -> None:
    asked = select(func.count()).select_from(THINGS)
    async with stored.read() as connection:
        before = (await connection.execute(asked)).scalar_one()
        await put(stored, id="a")
        assert (await connection.execute(asked)).scalar_one() == before
    assert await count(stored) == before + 1


async def test_concurrent_writers_lose_no_update(stored: Database) -> None:
    await put(stored, id="a", number=1)

    async def raise_number() -> None:
        async with stored.write() as connection:
            asked = select(THINGS.c.number).where(THINGS.c.id == "a").with_for_update()
            number = (await connection.execute(asked)).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(update(THINGS).where(THINGS.c.id == "a").values(number=number + 1))
            await connection.commit()

    await asyncio.gather(*(raise_number() for _ in range(30)))
    async with stored.read() as connection:
        assert (await connection.execute(select(THINGS.c.number))).scalar_one() == 31


async def test_a_writer_cancelled_while_it_waits_does_not_block_the_next_one(stored: Database) -> None:
    async with stored.write():
        waiting = asyncio.create_task(put(stored, id="a"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await put(stored, id="b")
    assert await count(stored) == 1


async def test_a_cancelled_commit_leaves_the_database_usable(stored: Database) -> None:
    async def commit_slowly() -> None:
        async with stored.write() as connection:
            await connection.execute(insert(THINGS).values(id="a"))
            await connection.commit()

    for passes in range(12):
        task = asyncio.create_task(commit_slowly())
        for _ in range(passes):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await put(stored, id="b")
    assert await count(stored) in {1, 2}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"id": "a"}, "pk_things"),
        ({"id": "b", "number": 1, "letter": "x"}, "uq_things_number_letter"),
        ({"id": "b", "code": "c"}, "ix_things_code"),
        ({"id": "b", "number": -1}, "ck_things_positive"),
    ],
)
async def test_a_violated_constraint_has_the_same_name_on_both_databases(
    stored: Database, values: dict[str, object], name: str
) -> None:
    await put(stored, id="a", number=1, letter="x", code="c")
    with pytest.raises(IntegrityError) as violation:
        await put(stored, **values)
    assert constraint_name(violation.value) == name


async def test_a_foreign_key_is_enforced(stored: Database) -> None:
    with pytest.raises(IntegrityError):
        await put(stored, id="b", parent="nobody")


async def test_values_are_read_back_equal(stored: Database) -> None:
    at = datetime(2015, 10, 8, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    amount = Decimal("12345678901234567890.10")
    content = {"b": 1, "a": ["名牌", None, "𠮷"]}
    await put(stored, id="a", at=at, amount=amount, content=content, colour=Colour.RED)
    async with stored.read() as connection:
        row = (await connection.execute(select(THINGS))).one()
        raw = (await connection.exec_driver_sql("SELECT content, colour FROM things")).one()
    assert (row.at, row.at.tzinfo) == (at, UTC)
    assert (row.amount, str(row.amount)) == (amount, str(amount))
    assert (row.content, row.colour) == (content, Colour.RED)
    assert tuple(raw) == ('{"a":["名牌",null,"𠮷"],"b":1}', "red")


@pytest.mark.parametrize(
    "values",
    [
        {"at": datetime(2015, 10, 8)},  # noqa: DTZ001 -- naive on purpose
        {"amount": 1.5},
        {"amount": Decimal("NaN")},
        {"content": float("nan")},
        {"colour": "blue"},
    ],
)
async def test_values_that_could_not_be_read_back_equal_are_refused(
    stored: Database, values: dict[str, object]
) -> None:
    with pytest.raises(StatementError):
        await put(stored, id="a", **values)


async def test_instants_sort_by_time(stored: Database) -> None:
    early = datetime(2015, 10, 8, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    await put(stored, id="late", at=early.astimezone(UTC) + timedelta(microseconds=1))
    await put(stored, id="early", at=early)
    async with stored.read() as connection:
        ids = (await connection.execute(select(THINGS.c.id).order_by(THINGS.c.at))).scalars().all()
    assert ids == ["early", "late"]


def test_a_file_has_one_owner_and_the_error_names_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    database = open_database(f"sqlite:///{path}")
    program = f"from common.storage.database.engine import open_database; open_database('sqlite:///{path}')"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 -- this interpreter
    asyncio.run(database.close())
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 -- as above
    assert other.returncode == 1
    assert f"DatabaseOwned: {path} is in use by process {os.getpid()}" in other.stderr
    assert again.returncode == 0


async def test_opening_a_file_twice_in_one_process_is_refused(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(DatabaseOwned):
        open_database(f"sqlite:///{tmp_path / 'x.db'}")
    await database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///path"):
        open_database(url)


async def test_a_file_locked_by_a_foreign_tool_is_unavailable(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    async with database.write() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.commit()
    async with holding(tmp_path / "x.db"):
        with pytest.raises(Unavailable):
            await put(database, id="a")
    await put(database, id="a")
    await database.close()


async def test_a_server_that_does_not_exist_is_unavailable() -> None:
    database = open_database("postgresql://nobody:nothing@127.0.0.1:1/none")
    with pytest.raises(Transient, match="no connection"):
        async with database.write():
            pass
    await database.close()


async def test_a_broken_connection_is_unavailable_and_the_next_one_works(postgres_url: str) -> None:
    database = open_database(postgres_url)

    async def break_own_connection() -> None:
        async with database.write() as connection:
            pid = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
            async with database.write() as other:
                await other.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
            await connection.exec_driver_sql("SELECT 1")

    with pytest.raises(Unavailable):
        await break_own_connection()
    async with database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar_one() == 1
    await database.close()


async def test_a_wakeup_reaches_a_waiting_task_and_one_before_the_wait_is_kept(database: Database) -> None:
    waiting = asyncio.create_task(database.committed.wait(10))
    await asyncio.sleep(0)
    database.wake()
    assert await waiting
    database.wake()
    assert await database.committed.wait(10)
    assert not await database.committed.wait(0)


async def test_only_a_commit_that_is_not_durable_skips_the_wait_for_the_disk(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'service.db'}")
    levels = []
    for durable in (True, False, False, True):
        async with database.write(durable=durable) as connection:
            levels.append((await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one())
            await connection.commit()
    await database.close()

    assert levels == [2, 1, 1, 2]  # https://sqlite.org/pragma.html#pragma_synchronous: FULL, NORMAL
