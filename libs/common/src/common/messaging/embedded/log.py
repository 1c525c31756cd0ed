"""The event log of the embedded shape: one append-only table in `bus.db`, written by the relays of the one process.

Offsets are assigned inside the writing transaction, and heads move only after its commit: a reader never sees a row
that could still be rolled back. Readers store their offsets in their own service's file, never in this one. No event is
deleted.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from common.messaging.bus import Member, Outgoing, Partition, Record, Refusal, refusals
from common.messaging.topics import TOPICS, partitions_of
from common.storage.columns import Headers, header_text
from common.storage.database.engine import Database, open_database
from common.storage.database.wakeups import Wakeup
from common.storage.lists import among

_METADATA = MetaData()
_LOG = Table(
    "log",
    _METADATA,
    Column("pos", Integer, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("headers", Headers, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("topic", "event_id"),
    Index("ux_log_offset", "topic", "partition", "offset", unique=True),
    sqlite_autoincrement=True,
)
_APPEND: Final = (
    f"INSERT INTO log ({', '.join(_LOG.c.keys()[1:])}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 -- our own names
    "ON CONFLICT (topic, event_id) DO NOTHING"
)
"""Run by the driver without SQLAlchemy, whose overhead per row would cost more than SQLite's insert."""

_KNOWN: Final = select(_LOG.c.event_id).where(
    _LOG.c.topic == bindparam("of_topic"), _LOG.c.event_id.in_(among("sqlite", "ids", str))
)
_ROWS: Final = (
    select(*_LOG.c[1:])
    .where(
        _LOG.c.topic == bindparam("of_topic"),
        _LOG.c.partition == bindparam("of_partition"),
        _LOG.c.offset >= bindparam("start"),
    )
    .order_by(_LOG.c.offset)
    .limit(bindparam("size"))
)


class EmbeddedBus:
    """The bus port over a SQLite file; made by `open_bus`."""

    def __init__(self, database: Database, topics: Mapping[str, int]) -> None:
        self._database = database
        self._topics = topics
        self._heads: dict[str, list[int]] = {}
        self._heads_known = False
        self._readers: defaultdict[Partition, set[Wakeup]] = defaultdict(set)
        self.groups: set[str] = set()

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Append the new rows of a batch in one commit and wake their readers; a known id is absorbed and acknowledged.

        Raises Unavailable, with nothing written, when the file cannot be written.
        """
        answers = refusals(batch, self._topics)
        rows = [row for row, answer in zip(batch, answers, strict=True) if answer is None]
        if not rows:
            return answers
        async with self._database.write() as connection:
            if not self._heads_known:
                await self._load_heads(connection)
            heads, new = self._place(rows)
            if await _append(connection, new) < len(new):  # some are stored already, e.g. after a relay was killed
                await connection.rollback()
                heads, new = self._place(await _unknown(connection, rows))
                await _append(connection, new)
            if new:
                self._heads_known = False  # until the commit is known to have succeeded
                await connection.commit()
                self._heads |= heads
                self._heads_known = True
        for topic, number in {(topic, number) for topic, number, *_ in new}:
            self._wake(Partition(topic, number))
        return answers

    def subscribe(self, group: str, topics: Iterable[str]) -> "EmbeddedSubscription":
        """Return the group's only membership, with all partitions. Raises ValueError for an undeclared topic."""
        chosen = tuple(topics)
        for topic in chosen:
            if topic not in self._topics:
                raise ValueError(f"the topic {topic!r} is not declared")
        return EmbeddedSubscription(self, group, self._partitions(chosen))

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Return the offset that the next row of each partition will get. Raises Unavailable."""
        if not self._heads_known:
            async with self._database.write() as connection:
                await self._load_heads(connection)
        return {partition: self.head(partition) for partition in self._partitions(topics)}

    async def close(self) -> None:
        """Close the file."""
        await self._database.close()

    def head(self, partition: Partition) -> int:
        """Return the committed head of one partition, from memory."""
        return self._heads[partition.topic][partition.number]

    def add_reader(self, partition: Partition, reader: Wakeup) -> None:
        """Wake this reader for new rows of the partition."""
        self._readers[partition].add(reader)

    def remove_reader(self, partition: Partition, reader: Wakeup) -> None:
        """Stop waking this reader."""
        self._readers[partition].discard(reader)

    async def read(self, partition: Partition, start: int, *, limit: int) -> Sequence[Record]:
        """Return committed rows of a partition, from an offset on."""
        given = {"of_topic": partition.topic, "of_partition": partition.number, "start": start, "size": limit}
        async with self._database.read() as connection:
            found = (await connection.execute(_ROWS, given)).all()
        return [Record(*row) for row in found]

    def _place(self, rows: Sequence[Outgoing]) -> tuple[dict[str, list[int]], list[tuple[Any, ...]]]:
        """Assign each row its partition and offset; returns the topics' new heads, and the rows.

        This loop runs for every event: each lookup or allocation in it is measurable.
        """
        heads = {topic: list(self._heads[topic]) for topic in {row.topic for row in rows}}
        placed = []
        numbers = partitions_of(rows, self._topics)
        for number, (topic, key, event_id, kind, headers, payload) in zip(numbers, rows, strict=True):
            of_topic = heads[topic]
            blob = bytearray(payload)  # see `Inline.Binary`
            placed.append((topic, number, of_topic[number], key, event_id, kind, header_text(headers), blob))
            of_topic[number] += 1
        return heads, placed

    async def _load_heads(self, connection: AsyncConnection) -> None:
        heads = {topic: [0] * size for topic, size in self._topics.items()}
        for topic, number in self._partitions(self._topics):
            of_partition = (_LOG.c.topic == topic, _LOG.c.partition == number)
            last = (await connection.execute(select(func.max(_LOG.c.offset)).where(*of_partition))).scalar_one()
            heads[topic][number] = 0 if last is None else last + 1
        self._heads = heads
        for partition in self._readers:
            self._wake(partition)  # an append whose result was lost may have moved it
        self._heads_known = True

    def _wake(self, partition: Partition) -> None:
        for reader in self._readers[partition]:
            reader.set()

    def _partitions(self, topics: Iterable[str]) -> list[Partition]:
        return [Partition(topic, number) for topic in topics for number in range(self._topics[topic])]


class EmbeddedSubscription:
    """The only member of a group: with one process, every partition is its own."""

    def __init__(self, bus: EmbeddedBus, group: str, partitions: Sequence[Partition]) -> None:
        self._bus = bus
        self._group = group
        self._wakeups = {partition: Wakeup() for partition in partitions}
        self._next = dict.fromkeys(partitions, 0)
        self._member: Member | None = None

    async def start(self, member: Member) -> None:
        """Assign every partition to the member. Raises ValueError when the group has a reader already."""
        if self._group in self._bus.groups:
            raise ValueError(f"the group {self._group!r} has a reader already")
        self._bus.groups.add(self._group)
        await self._bus.heads({partition.topic for partition in self._next})
        self._member = member
        for partition, wakeup in self._wakeups.items():
            self._bus.add_reader(partition, wakeup)
        await member.assigned(list(self._next))

    async def watch(self) -> None:
        """Wait until cancelled: a membership within one process cannot be lost."""
        await asyncio.Future()

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return up to `limit` next records of the partition, waiting up to `wait` seconds for the first."""
        while self._next[partition] >= self._bus.head(partition):
            if wait <= 0 or not await self._wakeups[partition].wait(wait):
                return []
        records = await self._bus.read(partition, self._next[partition], limit=limit)
        self._next[partition] += len(records)
        return records

    async def seek(self, partition: Partition, offset: int) -> None:
        """Make the next fetch begin at this offset."""
        self._next[partition] = offset

    async def commit(self, partition: Partition, next_offset: int) -> None:
        """Do nothing: the offset is stored in the transaction of the effect, and this log reports no lag."""

    async def close(self) -> None:
        """Revoke the partitions and leave the group."""
        if self._member is None:
            return
        member, self._member = self._member, None
        await member.revoked(list(self._next))
        for partition, wakeup in self._wakeups.items():
            self._bus.remove_reader(partition, wakeup)
        self._bus.groups.discard(self._group)


async def _append(connection: AsyncConnection, rows: Sequence[tuple[Any, ...]]) -> int:
    """Append the rows whose ids are new; returns how many."""
    return (await connection.exec_driver_sql(_APPEND, list(rows))).rowcount if rows else 0


async def _unknown(connection: AsyncConnection, rows: Sequence[Outgoing]) -> Sequence[Outgoing]:
    """Return the rows whose ids are not in the log, each once."""
    ids = defaultdict(list)
    for row in rows:
        ids[row.topic].append(row.id)
    known: set[tuple[str, str]] = set()
    for topic, of_topic in ids.items():
        found = await connection.execute(_KNOWN, {"of_topic": topic, "ids": of_topic})
        known.update((topic, event_id) for event_id in found.scalars())
    new: dict[tuple[str, str], Outgoing] = {}
    for row in rows:
        if (row.topic, row.id) not in known:
            new.setdefault((row.topic, row.id), row)
    return list(new.values())


async def open_bus(path: Path, topics: Mapping[str, int] = TOPICS) -> EmbeddedBus:
    """Open the log in this file, creating it when missing. Raises as `open_database`, and Unavailable."""
    database = open_database(f"sqlite:///{path}")
    async with database.write() as connection:
        await connection.run_sync(_METADATA.create_all)
        await connection.commit()
    return EmbeddedBus(database, topics)
