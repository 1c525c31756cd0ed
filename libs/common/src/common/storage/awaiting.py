"""Letting go on what waits, in the transaction that stores what was awaited: neither comes without the other.

Which events wait, and how they are replayed, is the consumer's business (`messaging/parking.py`).
"""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.storage.records import Records


async def release(connection: AsyncConnection, records: Records, awaited: str) -> None:
    """Let every key that waits for this go on; the consumers replay it after the caller's commit."""
    await _alone(connection, awaited)
    parked = records.parked
    waiting = update(parked).where(parked.c.waiting_for == awaited)
    await connection.execute(waiting.values(waiting_for=None, ready=True))


async def about_to_wait(connection: AsyncConnection, awaited: str) -> bool:
    """Keep `release` out until the commit, so that it cannot miss the row that is about to be parked.

    Returns whether the caller must look again: on PostgreSQL a release may have been committed after it looked.
    """
    return await _alone(connection, awaited)


async def _alone(connection: AsyncConnection, awaited: str) -> bool:
    if connection.dialect.name != "postgresql":
        return False  # one writer at a time anyway
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"awaited {awaited}", 0))))
    return True
