"""Events set down for later, key by key: one that waits for something, or is dead, holds up its key and nothing else.

Only the first row of a key (by `seq`) says why it stands still; the rows behind it keep their order. Everything that
adds or takes rows of a partition holds that partition's lock (`inbox.lock`), but for `release`, which only marks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.messaging.bus import Partition, Record
from common.storage.lists import among
from common.storage.records import Records


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reaction's answer when what it needs is not here yet; given before it changed anything.

    `awaited` names the missing thing; whoever stores it calls `release` with the same name in the same transaction.
    """

    awaited: str


class Mark(NamedTuple):
    """Why a key stands still, on its first row: it waits for something, is dead until a redrive, or may go on."""

    waiting_for: str | None = None
    dead: bool = False
    ready: bool = False


BEHIND: Final = Mark()
"""The mark of every row behind the first."""


class ParkedKey(NamedTuple):
    """A key of one consumer that has parked events."""

    partition: Partition
    key: str


async def park(
    connection: AsyncConnection,
    records: Records,
    *,
    consumer: str,
    rows: Sequence[tuple[Record, Mark]],
    at: datetime,
) -> None:
    """Set events down behind their keys' parked ones, in this order."""
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
    """Return those of the keys that have parked events."""
    asked = _parked_among(connection.dialect.name, records.parked)
    given = {"of_consumer": consumer, "of_topic": topic, "keys": set(keys)}
    return set((await connection.execute(asked, given)).scalars())


async def ready_keys(connection: AsyncConnection, records: Records, consumer: str) -> list[ParkedKey]:
    """Return the keys that may go on, the longest parked first."""
    parked = records.parked
    asked = select(parked.c.topic, parked.c.partition, parked.c.key).order_by(parked.c.seq)
    found = await connection.execute(asked.where(parked.c.consumer == consumer, parked.c.ready))
    return list(dict.fromkeys(ParkedKey(Partition(row.topic, row.partition), row.key) for row in found))


async def parked_rows(
    connection: AsyncConnection, records: Records, *, consumer: str, key: ParkedKey, limit: int
) -> Sequence[Row[Any]]:
    """Return the first rows of a key in order."""
    parked = records.parked
    of_key = (parked.c.consumer == consumer, parked.c.topic == key.partition.topic, parked.c.key == key.key)
    return (await connection.execute(select(parked).where(*of_key).order_by(parked.c.seq).limit(limit))).all()


async def unpark(connection: AsyncConnection, records: Records, seqs: Sequence[int]) -> None:
    """Take rows away that have been replayed."""
    await connection.execute(delete(records.parked).where(records.parked.c.seq.in_(seqs)))


async def remark(connection: AsyncConnection, records: Records, seq: int, mark: Mark) -> None:
    """Say why a key stands still, on its first row."""
    await connection.execute(update(records.parked).where(records.parked.c.seq == seq).values(mark._asdict()))


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
    """Return the record that a parked row keeps."""
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
def _parked_among(dialect: str, parked: Table) -> Select[str]:
    of_topic = (parked.c.consumer == bindparam("of_consumer"), parked.c.topic == bindparam("of_topic"))
    return select(parked.c.key).distinct().where(*of_topic, parked.c.key.in_(among(dialect, "keys", str)))
