"""A consumer's transactions: each locks its partition; effect, inbox row, parked rows and offset commit together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel import failpoints
from common.kernel.errors import Permanent
from common.messaging import metrics
from common.messaging.bus import Partition, Record
from common.messaging.consumer import inbox, parking
from common.messaging.consumer.dead_letters import store_dead_letter
from common.messaging.consumer.judging import Verdict
from common.messaging.consumer.parking import BEHIND, Mark, ParkedKey, Turn, Waiting
from common.storage.awaiting import about_to_wait
from common.storage.database.engine import Unavailable
from common.storage.service import ServiceStorage

AT_ONCE: Final = 4
"""The limit of concurrent transactions per consumer: many partitions must not exhaust the pool of connections."""

Decode: TypeAlias = Callable[[Record], object | None]
Handle: TypeAlias = Callable[[AsyncConnection, Record, Any], Awaitable[Waiting | None]]
Placed: TypeAlias = tuple[int, Record]
Content: TypeAlias = tuple[Record, Any]
Follow: TypeAlias = Callable[[AsyncConnection, Sequence[Content]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A consumer group: its topics and its handler; `name` identifies its offsets and inbox and never changes.

    `decode` has no effect: it returns the event of a record, None to skip it, and raises Permanent when it can never be
    decoded. `handle` gets record and event; when it returns Waiting, it must not have changed anything. A group with
    `follow` gets many records at a time, each with what `decode` returned.
    """

    name: str
    topics: tuple[str, ...]
    decode: Decode = lambda record: record
    handle: Handle | None = None
    follow: Follow | None = None

    def __post_init__(self) -> None:
        if (self.handle is None) == (self.follow is None):
            raise ValueError(f"the group {self.name!r} needs either handle or follow")


class Skipped(NamedTuple):
    """The result of a record of no interest."""


class Failed(Exception):  # noqa: N818 -- the name is the event
    """A record failed and the transaction was rolled back; `index` is its place in the attempt, None when unknown.

    `failed_before` counts the failed attempts of this record before this one.
    """

    def __init__(self, error: Exception, record: Record, index: int | None, failed_before: int = 0) -> None:
        self.error, self.record, self.index, self.failed_before = error, record, index, failed_before
        super().__init__(f"{record.topic} {record.id}: {type(error).__name__}")


class Processed(NamedTuple):
    """The result of an attempt.

    `taken` counts the records that had their effect or are of no interest, `reacted` only the former; `unreadable` were
    set aside; `may_be_due` says whether parked keys may have become due.
    """

    taken: int = 0
    reacted: int = 0
    unreadable: Sequence[tuple[Record, Verdict]] = ()
    may_be_due: bool = False


class Transactions:
    """The transactions of a consumer group. A method that raises Unavailable has changed nothing; each may raise it."""

    def __init__(self, storage: ServiceStorage, group: Group) -> None:
        self._storage = storage
        self._group = group
        self._labels = (storage.service, group.name)
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def process(self, partition: Partition, chunk: Sequence[Record]) -> Processed:
        """Process records of a partition in order, in one commit.

        Records that were processed before are ignored; records whose key has parked events are parked behind those.
        Raises Failed.
        """
        records, consumer, now = self._storage.records, self._group.name, self._storage.instruments.system.now()
        async with self._writing() as connection:
            with _at_unknown_place(chunk):
                new, any_parked = await inbox.enter(connection, records, consumer, partition, chunk, at=now)
                parked = await self._parked(connection, partition, new) if any_parked else set()
                if self._group.follow is not None:
                    processed = await self._follow_new(connection, new, parked)
                else:
                    processed = await self._handle_new(connection, new, parked)
                await self._commit(connection)
        metrics.TAKEN.labels(*self._labels).inc(processed.taken)
        metrics.ABSORBED.labels(*self._labels).inc(len(chunk) - len(new))
        return processed._replace(may_be_due=any_parked or bool(parked))

    async def park_failed(self, partition: Partition, record: Record, verdict: Verdict) -> None:
        """Park a failed record with its next try, or as a dead letter, and move the offset behind it."""
        records, consumer = self._storage.records, self._group.name
        async with self._writing() as connection:
            if (await inbox.enter(connection, records, consumer, partition, [record], at=verdict.at)).new:
                await self._park_failed(connection, record, verdict)
            await self._commit(connection)

    async def next_turn(self) -> Turn:
        """Return the parked keys that are due."""
        now = self._storage.instruments.system.now()
        async with self._storage.database.read() as connection:
            return await parking.next_turn(connection, self._storage.records, self._group.name, now=now)

    async def replay(self, key: ParkedKey, limit: int) -> Processed:
        """Process the parked events of a key in order, until one waits or `limit` is reached. Raises Failed.

        When it has more, the key is due again.
        """
        records, consumer, now = self._storage.records, self._group.name, self._storage.instruments.system.now()
        async with self._writing() as connection:
            await inbox.lock(connection, records, consumer, key.partition)
            rows = await parking.parked_rows(connection, records, consumer=consumer, key=key, limit=limit + 1)
            if not rows or not _is_due(rows[0], now):
                return Processed()
            done, reacted = 0, 0
            rest = Mark(next_try_at=now)
            with _at_unknown_place([parking.record_of(row) for row in rows[:limit]], failed_before=rows[0].attempts):
                for index, row in enumerate(rows[:limit]):
                    outcome = await self._replay_one(connection, parking.record_of(row), index)
                    if isinstance(outcome, Waiting):
                        rest = Mark(waiting_for=outcome.awaited)
                        break
                    done, reacted = done + 1, reacted + (outcome is None)
                await parking.unpark(connection, records, [row.seq for row in rows[:done]])
                if len(rows) > done:
                    await parking.set_mark(connection, records, rows[done].seq, rest)
                await self._commit(connection)
        metrics.TAKEN.labels(*self._labels).inc(done)
        return Processed(done, reacted)

    async def park_again(self, key: ParkedKey, record: Record, verdict: Verdict) -> None:
        """Mark the first parked event of a key, which failed again, with its next try or as dead."""
        records, consumer = self._storage.records, self._group.name
        async with self._writing() as connection:
            await inbox.lock(connection, records, consumer, key.partition)
            rows = await parking.parked_rows(connection, records, consumer=consumer, key=key, limit=1)
            # otherwise another worker has processed it, or an operator has decided
            if rows and rows[0].event_id == record.id and _is_due(rows[0], verdict.at):
                await self._store_letter(connection, record, verdict)
                await parking.set_mark(connection, records, rows[0].seq, verdict.mark)
            await self._commit(connection)

    async def next_offsets(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        """Return the next offset of each partition with processed records."""
        async with self._storage.database.read() as connection:
            return await inbox.next_offsets(connection, self._storage.records, self._group.name, partitions)

    async def rewind(self, partition: Partition) -> None:
        """Start the partition at 0 again: its log ends before the stored offset."""
        records, consumer = self._storage.records, self._group.name
        async with self._writing() as connection:
            await inbox.rewind(connection, records, consumer, partition)
            await connection.commit()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        async with self._slots, self._storage.database.write() as connection:
            yield connection

    async def _commit(self, connection: AsyncConnection) -> None:
        failpoints.hit(self._storage.service, "before-effect-commit")
        await connection.commit()
        failpoints.hit(self._storage.service, "after-effect-commit")
        self._storage.database.wake()

    async def _park(self, connection: AsyncConnection, rows: Sequence[tuple[Record, Mark]]) -> None:
        at = self._storage.instruments.system.now()
        await parking.park(connection, self._storage.records, consumer=self._group.name, rows=rows, at=at)

    async def _park_failed(self, connection: AsyncConnection, record: Record, verdict: Verdict) -> None:
        await self._store_letter(connection, record, verdict)
        await self._park(connection, [(record, verdict.mark)])

    async def _store_letter(self, connection: AsyncConnection, record: Record, verdict: Verdict) -> None:
        if verdict.is_final:
            await store_dead_letter(
                connection, self._storage.records, consumer=self._group.name, record=record, verdict=verdict
            )

    async def _parked(self, connection: AsyncConnection, partition: Partition, new: Sequence[Placed]) -> set[str]:
        """Return the keys among these records that have parked events."""
        keys = {record.key for _, record in new}
        return await parking.parked_keys(
            connection, self._storage.records, consumer=self._group.name, topic=partition.topic, keys=keys
        )

    async def _follow_new(self, connection: AsyncConnection, new: Sequence[Placed], parked: set[str]) -> Processed:
        """Follow new records except those whose key has parked ones, which are parked."""
        fresh: list[tuple[int, Content]] = []
        behind: list[tuple[Record, Mark]] = []
        unreadable: list[tuple[Record, Verdict]] = []
        for index, record in new:
            if record.key in parked:
                behind.append((record, BEHIND))
                continue
            try:
                fresh.append((index, (record, self._decode(record, index))))
            except Permanent as error:
                unreadable.append(await self._set_aside(connection, record, error))
                parked.add(record.key)
        await self._follow(connection, fresh)
        await self._park(connection, behind)
        return Processed(len(fresh), len(fresh), unreadable)

    async def _handle_new(self, connection: AsyncConnection, new: Sequence[Placed], parked: set[str]) -> Processed:
        """Handle new records one by one except those whose key has parked ones, which are parked."""
        behind: list[tuple[Record, Mark]] = []
        unreadable: list[tuple[Record, Verdict]] = []
        taken = reacted = 0
        for index, record in new:
            if record.key in parked:
                behind.append((record, BEHIND))
                continue
            try:
                event = self._decode(record, index)
            except Permanent as error:
                unreadable.append(await self._set_aside(connection, record, error))
                parked.add(record.key)
                continue
            if event is None:
                metrics.SKIPPED.labels(*self._labels).inc()
            elif (waiting := await self._handle(connection, record, event, index)) is not None:
                # parked now, not with the records behind it: a later record of this chunk may release the key
                await self._park(connection, [(record, Mark(waiting_for=waiting.awaited))])
                parked.add(record.key)
                continue
            taken, reacted = taken + 1, reacted + (event is not None)
        await self._park(connection, behind)
        return Processed(taken, reacted, unreadable)

    async def _set_aside(self, connection: AsyncConnection, record: Record, error: Permanent) -> tuple[Record, Verdict]:
        """Park an unreadable record as dead: nothing was changed for it, so that the transaction goes on."""
        verdict = Verdict(error, 1, self._storage.instruments.system.now(), None)
        await self._park_failed(connection, record, verdict)
        return record, verdict

    def _decode(self, record: Record, index: int) -> object | None:
        """Return what the record says. Raises Permanent when it can never be read, and Failed for any other error."""
        try:
            return self._group.decode(record)
        except Permanent:
            raise
        except Exception as error:  # a defect of the decoder, as one of a reaction
            raise Failed(error, record, index) from error

    async def _handle(self, connection: AsyncConnection, record: Record, event: object, index: int) -> Waiting | None:
        """Handle a record; when it waits, handle it again under the lock, so that no release is missed."""
        asked: set[str] = set()
        while True:
            waiting = await self._call_handler(connection, record, event, index)
            if waiting is None or waiting.awaited in asked:
                return waiting
            asked.add(waiting.awaited)
            if not await about_to_wait(connection, waiting.awaited):
                return waiting

    async def _call_handler(
        self, connection: AsyncConnection, record: Record, event: object, index: int
    ) -> Waiting | None:
        if self._group.handle is None:
            return None
        try:
            return await self._group.handle(connection, record, event)
        except Unavailable:
            raise
        except Exception as error:  # a reaction may fail in any way: it is retried or set aside, never hidden
            raise Failed(error, record, index) from error

    async def _follow(self, connection: AsyncConnection, fresh: Sequence[tuple[int, Content]]) -> None:
        if self._group.follow is None or not fresh:
            return
        try:
            await self._group.follow(connection, [content for _, content in fresh])
        except Unavailable:
            raise
        except Exception as error:  # as for a reaction
            index, (record, _) = fresh[0]
            raise Failed(error, record, index if len(fresh) == 1 else None) from error

    async def _replay_one(self, connection: AsyncConnection, record: Record, index: int) -> Waiting | Skipped | None:
        try:
            event = self._decode(record, index)
        except Permanent as error:
            raise Failed(error, record, index) from error
        if event is None:
            metrics.SKIPPED.labels(*self._labels).inc()
            return Skipped()
        await self._follow(connection, [(index, (record, event))])
        return await self._handle(connection, record, event, index)


def _is_due(row: Row[Any], now: datetime) -> bool:
    return row.next_try_at is not None and row.next_try_at <= now


@contextmanager
def _at_unknown_place(attempted: Sequence[Record], *, failed_before: int = 0) -> Iterator[None]:
    """Report any failure of the attempt as Failed: one that no record is known to have caused has an unknown place."""
    try:
        yield
    except Unavailable:
        raise
    except Failed as failed:
        failed.failed_before = 0 if failed.index else failed_before
        raise
    except Exception as error:  # for example a constraint that is checked at the commit
        raise Failed(error, attempted[0], 0 if len(attempted) == 1 else None, failed_before) from error
