"""The transactions of a consumer: each holds its partition; effect, inbox row, parked rows and offset commit as one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from common import failpoints
from common.messaging import inbox, metrics, parking
from common.messaging.bus import Partition, Record
from common.messaging.dead_letters import Verdict, keep_dead_letter
from common.messaging.home import Home
from common.messaging.parking import BEHIND, Mark, ParkedKey, Waiting
from common.storage.awaiting import about_to_wait
from common.storage.engine import Unavailable

AT_ONCE: Final = 4
"""Transactions of one consumer at a time: many partitions must not drain the pool that others draw from."""

Decode: TypeAlias = Callable[[Record], object | None]
Handle: TypeAlias = Callable[[AsyncConnection, Record, Any], Awaitable[Waiting | None]]
Placed: TypeAlias = tuple[int, Record]
Follow: TypeAlias = Callable[[AsyncConnection, Sequence[Record]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a consumer reads and what it does with it; `name` is its place in the log and in the inbox, for good.

    `decode` makes an event of a record, None for one to be skipped, and raises Permanent for one that never will be
    one. `handle` gets record and event and answers Waiting before it changed anything. A group with `follow` takes
    records as they are, many at a time, instead.
    """

    name: str
    topics: tuple[str, ...]
    decode: Decode = lambda record: record
    handle: Handle | None = None
    follow: Follow | None = None

    def __post_init__(self) -> None:
        if (self.handle is None) == (self.follow is None):
            raise ValueError(f"the group {self.name!r} needs either handle or follow")


class Failed(Exception):  # noqa: N818 -- says what happened
    """A record could not be taken and the transaction is undone; `index` is its place, None when it is not known."""

    def __init__(self, error: Exception, record: Record, index: int | None) -> None:
        self.error, self.record, self.index = error, record, index
        super().__init__(f"{record.topic} {record.id}: {type(error).__name__}")


class Replayed(NamedTuple):
    """What a replay did: how many events, and whether the key has more that may go on."""

    events: int
    more: bool


class Taken(NamedTuple):
    """What was taken: how many events had their effect, and whether there may be parked ones that go on now."""

    events: int
    parked: bool


class Taking:
    """Takes records for one group of one service. Every method raises Unavailable and then has done nothing."""

    def __init__(self, home: Home, group: Group) -> None:
        self._home = home
        self._group = group
        self._labels = (home.service, group.name)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def take(self, partition: Partition, chunk: Sequence[Record]) -> Taken:
        """Take records of a partition in order, in one commit.

        Those taken before are absorbed; those whose key has parked events are parked behind them. Raises Failed.
        """
        records, consumer, now = self._home.records, self._group.name, self._home.clock.now()
        async with self._writing() as connection:
            new, any_parked = await inbox.take(connection, records, consumer, partition, chunk, at=now)
            parked = await self._parked(connection, partition, new) if any_parked else set()
            if self._group.follow is not None:
                events = await self._follow_new(connection, new, parked)
            else:
                events = await self._handle_new(connection, new, parked)
            await self._commit(connection)
        metrics.TAKEN.labels(*self._labels).inc(events)
        metrics.ABSORBED.labels(*self._labels).inc(len(chunk) - len(new))
        return Taken(events, parked=any_parked or bool(parked))

    async def set_aside(self, partition: Partition, record: Record, verdict: Verdict) -> None:
        """Keep a record as a dead letter, park its key, and move on behind it."""
        records, consumer = self._home.records, self._group.name
        async with self._writing() as connection:
            if (await inbox.take(connection, records, consumer, partition, [record], at=verdict.at)).new:
                await keep_dead_letter(connection, records, consumer=consumer, record=record, verdict=verdict)
                await self._park(connection, [(record, Mark(dead=True))])
            await self._commit(connection)

    async def ready(self) -> list[ParkedKey]:
        """Return the parked keys that may go on."""
        async with self._home.database.read() as connection:
            return await parking.ready_keys(connection, self._home.records, self._group.name)

    async def replay(self, key: ParkedKey, limit: int) -> Replayed:
        """Take the parked events of a key in order, until one waits or `limit` is reached. Raises Failed."""
        records, consumer = self._home.records, self._group.name
        async with self._writing() as connection:
            await inbox.lock(connection, records, consumer, key.partition)
            rows = await parking.parked_rows(connection, records, consumer=consumer, key=key, limit=limit + 1)
            if not rows or not rows[0].ready:
                return Replayed(0, more=False)
            done: list[int] = []
            standing: Mark | None = None
            for index, row in enumerate(rows[:limit]):
                record = parking.record_of(row)
                waiting = await self._replayed(connection, record, index)
                if waiting is not None:
                    standing = Mark(waiting_for=waiting.awaited)
                    break
                done.append(row.seq)
            await parking.unpark(connection, records, done)
            more = standing is None and len(rows) > len(done)
            if len(rows) > len(done):
                await parking.remark(connection, records, rows[len(done)].seq, standing or Mark(ready=True))
            await self._commit(connection)
        metrics.TAKEN.labels(*self._labels).inc(len(done))
        return Replayed(len(done), more=more)

    async def condemn(self, key: ParkedKey, record: Record, verdict: Verdict) -> None:
        """Keep the first parked event of a key as a dead letter; the key stands still again."""
        records, consumer = self._home.records, self._group.name
        async with self._writing() as connection:
            await inbox.lock(connection, records, consumer, key.partition)
            rows = await parking.parked_rows(connection, records, consumer=consumer, key=key, limit=1)
            if rows and rows[0].ready and rows[0].event_id == record.id:  # else another worker has dealt with it
                row = rows[0]
                await keep_dead_letter(connection, records, consumer=consumer, record=record, verdict=verdict)
                await parking.remark(connection, records, row.seq, Mark(dead=True))
            await self._commit(connection)

    async def positions(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        """Return the next offset of each partition of which anything was taken."""
        async with self._home.database.read() as connection:
            return await inbox.positions(connection, self._home.records, self._group.name, partitions)

    async def rewind(self, partition: Partition) -> None:
        """Begin the partition anew, for a log that is shorter than what was taken of it."""
        records, consumer = self._home.records, self._group.name
        async with self._writing() as connection:
            await inbox.rewind(connection, records, consumer, partition)
            await connection.commit()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        async with self._turns, self._home.database.write() as connection:
            yield connection

    async def _commit(self, connection: AsyncConnection) -> None:
        failpoints.hit(self._home.service, "before-effect-commit")
        await connection.commit()
        failpoints.hit(self._home.service, "after-effect-commit")
        self._home.database.wake()

    async def _park(self, connection: AsyncConnection, rows: Sequence[tuple[Record, Mark]]) -> None:
        at = self._home.clock.now()
        await parking.park(connection, self._home.records, consumer=self._group.name, rows=rows, at=at)

    async def _parked(self, connection: AsyncConnection, partition: Partition, new: Sequence[Placed]) -> set[str]:
        """Return those of the records' keys that have parked events."""
        keys = {record.key for _, record in new}
        return await parking.parked_keys(
            connection, self._home.records, consumer=self._group.name, topic=partition.topic, keys=keys
        )

    async def _follow_new(self, connection: AsyncConnection, new: Sequence[Placed], parked: set[str]) -> int:
        """Have new records followed, but for those whose key has parked ones; returns how many were."""
        fresh = [one for one in new if one[1].key not in parked] if parked else new
        await self._followed(connection, fresh)
        await self._park(connection, [(record, BEHIND) for _, record in new if record.key in parked])
        return len(fresh)

    async def _handle_new(self, connection: AsyncConnection, new: Sequence[Placed], parked: set[str]) -> int:
        """Have new records handled one by one, but for those whose key has parked ones; returns how many were."""
        behind: list[tuple[Record, Mark]] = []
        handled = 0
        for index, record in new:
            if record.key in parked:
                behind.append((record, BEHIND))
            elif (waiting := await self._handled(connection, record, index)) is not None:
                # at once, not with those behind: a later record of this chunk may release it
                await self._park(connection, [(record, Mark(waiting_for=waiting.awaited))])
                parked.add(record.key)
            else:
                handled += 1
        await self._park(connection, behind)
        return handled

    async def _handled(self, connection: AsyncConnection, record: Record, index: int) -> Waiting | None:
        """Have the record handled; where it waits, look again once no release can slip in between."""
        asked: set[str] = set()
        while True:
            waiting = await self._answer(connection, record, index)
            if waiting is None or waiting.awaited in asked:
                return waiting
            asked.add(waiting.awaited)
            if not await about_to_wait(connection, waiting.awaited):
                return waiting

    async def _answer(self, connection: AsyncConnection, record: Record, index: int) -> Waiting | None:
        if self._group.handle is None:
            return None
        try:
            event = self._group.decode(record)
            if event is None:
                metrics.SKIPPED.labels(*self._labels).inc()
                return None
            return await self._group.handle(connection, record, event)
        except Unavailable:
            raise
        except Exception as error:  # a reaction may fail in any way: it is tried again or set aside, never hidden
            raise Failed(error, record, index) from error

    async def _followed(self, connection: AsyncConnection, fresh: Sequence[Placed]) -> None:
        if self._group.follow is None or not fresh:
            return
        try:
            await self._group.follow(connection, [record for _, record in fresh])
        except Unavailable:
            raise
        except Exception as error:  # as for a reaction
            index, record = fresh[0]
            raise Failed(error, record, index if len(fresh) == 1 else None) from error

    async def _replayed(self, connection: AsyncConnection, record: Record, index: int) -> Waiting | None:
        await self._followed(connection, [(index, record)])
        return await self._handled(connection, record, index)
