"""Parked events, key by key: an event that failed, waits for something, or is dead blocks its key and nothing else.

Only the first row of a key (by `seq`) says why the key is blocked; the rows behind it keep their order. A function that
adds or removes rows of a partition needs the lock of that partition (`inbox.lock`); `release`, which only marks rows,
does not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, case, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.messaging.bus import Partition, Record
from common.storage.lists import among
from common.storage.records import Records


@dataclass(frozen=True, slots=True)
class Waiting:
    """The result of a reaction when a thing that it needs has not arrived; the reaction must not have changed anything.

    `awaited` names the missing thing; the code that stores that thing calls `release` with the same name in the same
    transaction.
    """

    awaited: str


class Mark(NamedTuple):
    """The mark on a blocked key's first row: it waits for something, is dead, or is replayed from `next_try_at` on.

    `attempts` counts its failed attempts, and `last_error` is the reason of the last one.
    """

    waiting_for: str | None = None
    dead: bool = False
    next_try_at: datetime | None = None
    attempts: int = 0
    last_error: str | None = None


KEYS_PER_TURN: Final = 100
WHYS: Final = ("dead", "waiting", "retrying", "ready")
BEHIND: Final = Mark()
"""The mark of every row behind the first."""


class ParkedKey(NamedTuple):
    """A key of one consumer that has parked events."""

    partition: Partition
    key: str


class Turn(NamedTuple):
    """The keys whose next try is due, the longest due first, and when the next turn is due, None if no key has one."""

    due: Sequence[ParkedKey]
    next_at: datetime | None


async def park(
    connection: AsyncConnection,
    records: Records,
    *,
    consumer: str,
    rows: Sequence[tuple[Record, Mark]],
    at: datetime,
) -> None:
    """Park events behind those of their keys, in this order."""
    if not rows:
        return
    await connection.execute(
        insert(records.parked),
        [
            {
                "consumer": consumer,
                **columns_of(record),
                **mark._asdict(),
                "parked_at": at,
            }
            for record, mark in rows
        ],
    )


async def parked_keys(
    connection: AsyncConnection, records: Records, *, consumer: str, topic: str, keys: Iterable[str]
) -> set[str]:
    """Return those of the given keys that have parked events."""
    asked = _parked_among(connection.dialect.name, records.parked)
    given = {"of_consumer": consumer, "of_topic": topic, "keys": set(keys)}
    return set((await connection.execute(asked, given)).scalars())


async def next_turn(connection: AsyncConnection, records: Records, consumer: str, *, now: datetime) -> Turn:
    """Return the keys that are due, at most `KEYS_PER_TURN`: a key that fails again goes behind the others."""
    found = (await connection.execute(_next_tries(records.parked), {"of_consumer": consumer})).all()
    due = [ParkedKey(Partition(row.topic, row.partition), row.key) for row in found if row.next_try_at <= now]
    if len(due) == KEYS_PER_TURN:
        return Turn(due, now)
    return Turn(due, found[len(due)].next_try_at if len(due) < len(found) else None)


async def parked_rows(
    connection: AsyncConnection, records: Records, *, consumer: str, key: ParkedKey, limit: int
) -> Sequence[Row[Any]]:
    """Return the first rows of a key in order."""
    parked = records.parked
    of_key = (parked.c.consumer == consumer, parked.c.topic == key.partition.topic, parked.c.key == key.key)
    return (await connection.execute(select(parked).where(*of_key).order_by(parked.c.seq).limit(limit))).all()


async def unpark(connection: AsyncConnection, records: Records, seqs: Sequence[int]) -> None:
    """Delete rows that have been replayed."""
    await connection.execute(delete(records.parked).where(records.parked.c.seq.in_(seqs)))


async def set_mark(connection: AsyncConnection, records: Records, seq: int, mark: Mark) -> None:
    """Set the mark on the first row of a key."""
    await connection.execute(update(records.parked).where(records.parked.c.seq == seq).values(mark._asdict()))


def is_first(parked: Table) -> ColumnElement[bool]:
    """Return the condition that a row is the first of its key."""
    return parked.c.dead | parked.c.waiting_for.is_not(None) | parked.c.next_try_at.is_not(None)


def why_blocked(parked: Table) -> ColumnElement[str]:
    """Return the column that says why a key is blocked, from its first row: one of `WHYS`."""
    return case(
        (parked.c.dead, "dead"),
        (parked.c.waiting_for.is_not(None), "waiting"),
        (parked.c.attempts > 0, "retrying"),
        else_="ready",
    )


def columns_of(record: Record) -> dict[str, Any]:
    """Return the record as the columns that parked events and dead letters share."""
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "event_id": record.id,
        "type": record.type,
        "headers": record.headers,
        "payload": record.payload,
    }


def record_of(row: Row[Any]) -> Record:
    """Return the record that is stored in a parked row."""
    return Record(
        topic=row.topic,
        partition=row.partition,
        offset=row.offset,
        key=row.key,
        id=row.event_id,
        type=row.type,
        headers=row.headers,
        payload=row.payload,
    )


@cache
def _next_tries(parked: Table) -> Select[*tuple[Any, ...]]:
    columns = (parked.c.topic, parked.c.partition, parked.c.key, parked.c.next_try_at)
    asked = select(*columns).where(parked.c.consumer == bindparam("of_consumer"), parked.c.next_try_at.is_not(None))
    return asked.order_by(parked.c.next_try_at, parked.c.seq).limit(KEYS_PER_TURN)


@cache
def _parked_among(dialect: str, parked: Table) -> Select[str]:
    of_topic = (parked.c.consumer == bindparam("of_consumer"), parked.c.topic == bindparam("of_topic"))
    return select(parked.c.key).distinct().where(*of_topic, parked.c.key.in_(among(dialect, "keys", str)))
