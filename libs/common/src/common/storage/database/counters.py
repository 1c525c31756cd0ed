"""The numbers that the platform gives: taken from a counter, never counted from rows that others may be adding to.

A counter's row is locked from the taking to the end of the transaction, so that a number is given once, and one that
is not used because its transaction is rolled back is given to the next: there are no gaps.
"""

from functools import cache

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from common.storage.records import Records


async def take_number(connection: AsyncConnection, records: Records, counter: str) -> int:
    """Return the next number of the counter, 1 at first; other transactions wait for this one's end to take one."""
    taken = await connection.execute(_taking(connection.dialect.name, records.counters), {"counter": counter})
    number: int = taken.scalar_one()
    return number


@cache
def _taking(dialect: str, counters: Table) -> ReturningInsert[int]:
    insert = postgresql.insert(counters) if dialect == "postgresql" else sqlite.insert(counters)
    first = insert.values(id=bindparam("counter"), last=1)
    next_one = first.on_conflict_do_update(index_elements=["id"], set_={"last": counters.c.last + 1})
    return next_one.returning(counters.c.last)
