"""Events that a consumer could not take: kept with the reason, their key parked, and tried again when told to."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.errors import Permanent, Transient
from common.ids import new_id
from common.messaging.bus import Record
from common.messaging.parking import columns_of
from common.storage.engine import Database
from common.storage.records import Records

LONGEST_REASON = 1_000


def reason_of(error: Exception) -> tuple[str, str]:
    """Return a short code and a text for an error; the code is its own where it has one."""
    code = error.reason if isinstance(error, Permanent | Transient) else type(error).__name__
    return code, f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST_REASON]


def ids_of(record: Record) -> dict[str, str | None]:
    """Return the ids that a log line about this record carries."""
    headers = record.headers
    return {
        "event_id": record.id,
        "request_id": headers.get("ce_correlationid"),
        "traceparent": headers.get("ce_traceparent"),
    }


async def keep_dead_letter(
    connection: AsyncConnection, records: Records, *, consumer: str, record: Record, verdict: "Verdict"
) -> None:
    """Store the event with its payload and why it was set aside."""
    code, reason = reason_of(verdict.error)
    row = {
        "id": new_id("ded"),
        "consumer": consumer,
        **columns_of(record),
        "reason_code": code,
        "reason": reason,
        "attempts": verdict.attempts,
        "at": verdict.at,
    }
    await connection.execute(insert(records.dead_letters).values(row))


async def redrive(database: Database, records: Records, *, consumer: str, key: str, at: datetime) -> int:
    """Let the dead keys of this name go on: their parked events are replayed in order by the consumer.

    Returns how many keys (one per topic) were dead. One that fails again gets a dead letter again. Raises Unavailable.
    """
    parked, letters = records.parked, records.dead_letters
    dead = update(parked).where(parked.c.consumer == consumer, parked.c.key == key, parked.c.dead)
    redriven = update(letters).where(
        letters.c.consumer == consumer, letters.c.key == key, letters.c.redriven_at.is_(None)
    )
    async with database.write() as connection:
        count = (await connection.execute(dead.values(dead=False, ready=True))).rowcount
        if count:
            await connection.execute(redriven.values(redriven_at=at))
        await connection.commit()
    return count


async def open_letters(database: Database, records: Records) -> list[dict[str, Any]]:
    """Return what was set aside and not redriven yet, the oldest first, each with how many events wait behind it.

    Never with its payload, which may hold personal data. Raises Unavailable.
    """
    letters, parked = records.dead_letters, records.parked
    same_key = (parked.c.consumer == letters.c.consumer, parked.c.topic == letters.c.topic)
    behind = select(func.count()).where(*same_key, parked.c.key == letters.c.key, ~parked.c.dead).scalar_subquery()
    shown = ("at", "consumer", "topic", "key", "type", "event_id", "reason_code", "reason", "attempts")
    asked = select(*(letters.c[name] for name in shown), behind.label("behind"))
    async with database.read() as connection:
        found = await connection.execute(asked.where(letters.c.redriven_at.is_(None)).order_by(letters.c.at))
        return [dict(row) for row in found.mappings()]


async def redrive_everywhere(database: Database, records: Records, *, key: str, at: datetime) -> int:
    """Do as `redrive` for every consumer of the service in which the key is dead. Raises Unavailable."""
    parked = records.parked
    asked = select(parked.c.consumer).distinct().where(parked.c.key == key, parked.c.dead)
    async with database.read() as connection:
        consumers = list((await connection.execute(asked)).scalars())
    return sum([await redrive(database, records, consumer=consumer, key=key, at=at) for consumer in consumers])


class Verdict:
    """Why and when an event is given up, after so many attempts."""

    def __init__(self, error: Exception, *, attempts: int, at: datetime) -> None:
        self.error, self.attempts, self.at = error, attempts, at
