"""Releasing parked keys in the transaction that stores what they waited for, so that both are committed or neither.

Parking and replay are in messaging/consumer/parking.py.
"""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.storage.records import Records


async def release(connection: AsyncConnection, records: Records, awaited: str) -> None:
    """Make due every key that waits for `awaited`; the consumers replay these keys after the caller's commit."""
    await _lock(connection, awaited)
    parked = records.parked
    waiting = update(parked).where(parked.c.waiting_for == awaited)
    await connection.execute(waiting.values(waiting_for=None, next_try_at=parked.c.parked_at))


async def resume(connection: AsyncConnection, records: Records, event_id: str, *, at: datetime) -> None:
    """Make due the keys that this event blocks, whether it waits or is dead: its reaction is called again."""
    parked, letters = records.parked, records.dead_letters
    blocked = update(parked).where(parked.c.event_id == event_id, parked.c.dead | parked.c.waiting_for.is_not(None))
    await connection.execute(
        blocked.values(waiting_for=None, dead=False, attempts=0, next_try_at=parked.c.parked_at, last_error=None)
    )
    unsettled = (letters.c.redriven_at.is_(None), letters.c.skipped_at.is_(None))
    await connection.execute(update(letters).where(letters.c.event_id == event_id, *unsettled).values(redriven_at=at))


async def about_to_wait(connection: AsyncConnection, awaited: str) -> bool:
    """Block `release` until the commit, so that it cannot miss the row that the caller is about to park.

    Returns whether the caller must check again: on PostgreSQL a release may have been committed since its first check.
    """
    return await _lock(connection, awaited)


async def _lock(connection: AsyncConnection, awaited: str) -> bool:
    """Allow one transaction at a time to park or release this; returns whether a lock was needed."""
    if connection.dialect.name != "postgresql":
        return False  # SQLite has one writer at a time
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"awaited {awaited}", 0))))
    return True
