import asyncio

from sqlalchemy import MetaData

from common.storage.database.counters import take_number
from common.storage.database.engine import Database
from common.storage.records import Records, records


async def _tables(database: Database) -> Records:
    metadata = MetaData()
    made = records(metadata)
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()
    return made


async def _take(database: Database, tables: Records, counter: str, *, commit: bool = True) -> int:
    async with database.write() as connection:
        number = await take_number(connection, tables, counter)
        await asyncio.gather(*(asyncio.create_task(_nothing()) for _ in range(3)))  # so that others run meanwhile
        if commit:
            await connection.commit()
        return number


async def _nothing() -> None:
    return


async def test_numbers_taken_at_once_are_given_once_each_and_without_a_gap(database: Database) -> None:
    tables = await _tables(database)

    taken = await asyncio.gather(*(_take(database, tables, "edition:A") for _ in range(20)))

    assert sorted(taken) == list(range(1, 21))


async def test_a_number_whose_transaction_is_rolled_back_is_given_to_the_next(database: Database) -> None:
    tables = await _tables(database)

    taken = await asyncio.gather(*(_take(database, tables, "edition:A", commit=n % 2 == 0) for n in range(8)))

    assert max(taken) <= 5
    assert await _take(database, tables, "edition:A") == 5


async def test_each_counter_counts_for_itself(database: Database) -> None:
    tables = await _tables(database)

    assert [await _take(database, tables, name) for name in ("A", "B", "A", "B", "A")] == [1, 1, 2, 2, 3]
