"""The record of processed events: their ids, so that an effect happens once, and the next offset of each partition.

The offset's row is the partition's lock: every transaction on a partition locks it first, so that a reader that lost
the partition without noticing cannot work at the same time as the new one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Insert, Select, Table, Text, Update, bindparam, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from common.messaging.bus import Partition, Record
from common.storage.columns import UtcDateTime
from common.storage.lists import each
from common.storage.records import Records


class Entered(NamedTuple):
    """The new records, each with its place among those given, and whether the consumer may have parked events."""

    new: list[tuple[int, Record]]
    parked: bool


async def next_offsets(
    connection: AsyncConnection, records: Records, consumer: str, partitions: Sequence[Partition]
) -> Mapping[Partition, int]:
    """Return the next offset of each partition that has a row."""
    offsets = records.offsets
    asked = select(offsets.c.topic, offsets.c.partition, offsets.c.next_offset).where(offsets.c.consumer == consumer)
    found = {Partition(topic, number): offset for topic, number, offset in await connection.execute(asked)}
    return {partition: found[partition] for partition in partitions if partition in found}


async def lock(connection: AsyncConnection, records: Records, consumer: str, partition: Partition) -> int:
    """Lock the partition until the end of the transaction; returns its next offset."""
    place = _place(consumer, partition)
    held: int | None = (await connection.execute(_holding(records.offsets), place)).scalar_one_or_none()
    if held is None:
        await connection.execute(_beginning(connection.dialect.name, records.offsets), place)
        held = (await connection.execute(_holding(records.offsets), place)).scalar_one()
    return held


async def rewind(connection: AsyncConnection, records: Records, consumer: str, partition: Partition) -> None:
    """Lock the partition and set its next offset to 0."""
    await lock(connection, records, consumer, partition)
    await connection.execute(_moving(records.offsets), {**_place(consumer, partition), "to": 0})


async def enter(
    connection: AsyncConnection,
    records: Records,
    consumer: str,
    partition: Partition,
    chunk: Sequence[Record],
    *,
    at: datetime,
) -> Entered:
    """Lock the partition, move its offset behind these records and enter their ids; returns those that were new.

    It must be the first call in a transaction, because it may roll the transaction back and begin again.
    """
    rest, parked = await _move_behind(connection, records, consumer, partition, chunk)
    if not rest:
        return Entered([], parked)
    given = {"of_consumer": consumer, "at": at, "ids": [record.id for _, record in rest]}
    dialect, inbox = connection.dialect.name, records.inbox
    if (await connection.execute(_entering(dialect, inbox), given)).rowcount == len(rest):
        return Entered(rest, parked)
    # some ids are stored already, or repeated: only then query which, because RETURNING costs as much as the rest
    await connection.rollback()
    rest, parked = await _move_behind(connection, records, consumer, partition, chunk)
    given["ids"] = list(dict.fromkeys(record.id for _, record in rest))
    entered = set((await connection.execute(_entering_returning_ids(dialect, inbox), given)).scalars())
    first = {record.id: index for index, record in reversed(rest) if record.id in entered}
    return Entered([(index, record) for index, record in rest if first.get(record.id) == index], parked)


async def _move_behind(
    connection: AsyncConnection, records: Records, consumer: str, partition: Partition, chunk: Sequence[Record]
) -> Entered:
    """Lock the partition and move its offset behind these records; returns those that are not below the old offset."""
    place = _place(consumer, partition)
    first, end = chunk[0].offset, chunk[-1].offset + 1
    moved = await connection.execute(_moving_ahead(records), {**place, "to": end, "first": first})
    parked: bool | None = moved.scalar_one_or_none()
    if parked is not None:
        return Entered(list(enumerate(chunk)), parked)
    held = await lock(connection, records, consumer, partition)
    if held < end:
        await connection.execute(_moving(records.offsets), {**place, "to": end})
    return Entered([(index, record) for index, record in enumerate(chunk) if record.offset >= held], parked=True)


@cache
def _holding(offsets: Table) -> Select[int]:
    return select(offsets.c.next_offset).where(*_is_at(offsets)).with_for_update()


@cache
def _beginning(dialect: str, offsets: Table) -> Insert:
    row = {
        "consumer": bindparam("of_consumer"),
        "topic": bindparam("of_topic"),
        "partition": bindparam("of_partition"),
        "next_offset": 0,
    }
    return _insert(dialect, offsets).values(row).on_conflict_do_nothing()


@cache
def _moving(offsets: Table) -> Update:
    return update(offsets).where(*_is_at(offsets)).values(next_offset=bindparam("to"))


@cache
def _moving_ahead(records: Records) -> ReturningUpdate[Any]:
    """Return the statement that moves the offset; its row says whether anything is parked; no row: not moved."""
    offsets, parked = records.offsets, records.parked
    any_parked = select(parked.c.seq).where(parked.c.consumer == bindparam("of_consumer")).exists()
    return _moving(offsets).where(offsets.c.next_offset <= bindparam("first")).returning(any_parked)


@cache
def _entering(dialect: str, inbox: Table) -> postgresql.Insert | sqlite.Insert:
    # SQLite needs a WHERE before ON CONFLICT: https://sqlite.org/lang_upsert.html#parsing_ambiguity
    rows = select(
        bindparam("of_consumer", type_=Text), each(dialect, "ids", str), bindparam("at", type_=UtcDateTime)
    ).where(true())
    entered = _insert(dialect, inbox).from_select(["consumer", "event_id", "received_at"], rows)
    return entered.on_conflict_do_nothing()


@cache
def _entering_returning_ids(dialect: str, inbox: Table) -> ReturningInsert[Any]:
    return _entering(dialect, inbox).returning(inbox.c.event_id)


def _is_at(offsets: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        offsets.c.consumer == bindparam("of_consumer"),
        offsets.c.topic == bindparam("of_topic"),
        offsets.c.partition == bindparam("of_partition"),
    )


def _place(consumer: str, partition: Partition) -> dict[str, object]:
    return {"of_consumer": consumer, "of_topic": partition.topic, "of_partition": partition.number}


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
