"""What a consumer has taken: the ids, so that an effect happens once, and per partition the next offset to take.

The offset's row is the partition's lock: whoever works on a partition holds it first, so that a reader that lost the
partition without noticing cannot work beside the new one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, literal, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from common.messaging.bus import Partition
from common.storage.columns import UtcDateTime
from common.storage.lists import each
from common.storage.records import Records


async def positions(
    connection: AsyncConnection, records: Records, consumer: str, partitions: Sequence[Partition]
) -> Mapping[Partition, int]:
    """Return the next offset of each partition that has a row."""
    offsets = records.offsets
    asked = select(offsets.c.topic, offsets.c.partition, offsets.c.next_offset).where(offsets.c.consumer == consumer)
    found = {Partition(topic, number): offset for topic, number, offset in await connection.execute(asked)}
    return {partition: found[partition] for partition in partitions if partition in found}


async def lock(connection: AsyncConnection, records: Records, consumer: str, partition: Partition) -> int:
    """Hold the partition until the end of the transaction; returns its next offset."""
    offsets = records.offsets
    asked = select(offsets.c.next_offset).where(*_of(offsets, consumer, partition)).with_for_update()
    held: int | None = (await connection.execute(asked)).scalar_one_or_none()
    if held is None:
        row = {"consumer": consumer, "topic": partition.topic, "partition": partition.number, "next_offset": 0}
        await connection.execute(_insert(connection, offsets).values(row).on_conflict_do_nothing())
        held = (await connection.execute(asked)).scalar_one()
    return held


async def move_to(
    connection: AsyncConnection, records: Records, consumer: str, partition: Partition, *, offset: int
) -> None:
    """Say which offset is next; the partition is held."""
    offsets = records.offsets
    moved = update(offsets).where(*_of(offsets, consumer, partition)).values(next_offset=offset)
    await connection.execute(moved)


async def take(
    connection: AsyncConnection, records: Records, consumer: str, ids: Sequence[str], *, at: datetime
) -> set[str]:
    """Enter the ids; returns those that were not there, which are the caller's to work on."""
    inbox = records.inbox
    one = each(connection, dict.fromkeys(ids))
    # SQLite wants a WHERE before ON CONFLICT: https://sqlite.org/lang_upsert.html#parsing_ambiguity
    rows = select(literal(consumer), one, literal(at, UtcDateTime)).where(true())
    entered = _insert(connection, inbox).from_select(["consumer", "event_id", "received_at"], rows)
    taken = entered.on_conflict_do_nothing().returning(inbox.c.event_id)
    return set((await connection.execute(taken)).scalars().all())


def _of(offsets: Table, consumer: str, partition: Partition) -> tuple[ColumnElement[bool], ...]:
    return (
        offsets.c.consumer == consumer,
        offsets.c.topic == partition.topic,
        offsets.c.partition == partition.number,
    )


def _insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
