"""A small service with an outbox, an inbox and one table of effects, for the tests of messaging."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Column, Integer, MetaData, Table, Text, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.messaging.backoff import Backoff, RetryPolicy
from common.messaging.bus import Partition, Record, Subscription
from common.messaging.consumer.blocked import Decision, blocked_keys
from common.messaging.consumer.parking import Waiting
from common.messaging.consumer.runner import Consumer
from common.messaging.consumer.transactions import Group
from common.messaging.embedded.log import EmbeddedBus, open_bus
from common.messaging.relay.runner import Relay
from common.messaging.testing import FaultyBus
from common.observability.instruments import Instruments
from common.storage.database.engine import Database
from common.storage.records import Records, records
from common.storage.service import ServiceStorage
from support.service.launcher import HandClock

TOPICS = {"orders": 1, "wide": 4, "other": 1}
TYPE = "cn.mingpai.test.Happened.v1"


class Sleeps:
    """A sleep that takes no time and records its seconds."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


class Bench:
    """The service, its bus and its retry policy, ready for relays and consumers."""

    def __init__(self, database: Database, log: EmbeddedBus) -> None:
        metadata = MetaData()
        self.database = database
        self.log = log
        self.bus = FaultyBus(log)
        self.clock = HandClock()
        self.clock.at = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
        self.records: Records = records(metadata)
        self.effects = Table(
            "effects", metadata, Column("seq", Integer, primary_key=True), Column("event_id", Text), Column("key", Text)
        )
        self.subjects = Table(
            "subjects", metadata, Column("key", Text, primary_key=True), Column("version", Integer, nullable=False)
        )
        self.sleeps = Sleeps()
        self.retries = RetryPolicy(attempts=3, backoff=Backoff(jitter=lambda: 1.0), sleep=self.sleeps)
        instruments = Instruments(legal=self.clock, system=self.clock)
        self.storage = ServiceStorage(
            service="bench",
            url="http://127.0.0.1:8000",
            database=database,
            records=self.records,
            instruments=instruments,
        )
        self.metadata = metadata

    @classmethod
    async def make(cls, database: Database, folder: Path) -> Self:
        """Make the tables and the log."""
        bench = cls(database, await open_bus(folder / "bus.db", TOPICS))
        async with database.write() as connection:
            await connection.run_sync(bench.metadata.create_all)
            await connection.commit()
        return bench

    async def close(self) -> None:
        """Close the log; the database is the fixture's."""
        await self.bus.close()

    def relay(self) -> Relay:
        """Return a relay of the service."""
        return Relay(self.storage, self.bus, self.retries)

    async def consumer(self, handle: "Handle | None", **options: Any) -> Consumer:  # noqa: ANN401 -- the group's own options
        """Return a consumer that has joined."""
        consumer = self.runner(handle, **options)
        await consumer.join()
        return consumer

    def runner(self, handle: "Handle | None", **options: Any) -> Consumer:  # noqa: ANN401 -- the group's own options
        """Return a consumer that has not joined yet; `bus` and changes of the `retries` may be given."""
        bus, retries = options.pop("bus", self.bus), replace(self.retries, **options.pop("retries", {}))
        group = Group(**({"name": "takers", "topics": ("orders",), "handle": handle} | options))
        return Consumer(self.storage, bus, group, retries)

    def second_bus(self) -> "Unlimited":
        """Return the same log as another process would see it, without the readers of this one."""
        return Unlimited(self.log)

    def later(self, seconds: float) -> None:
        """Move the clock of the service."""
        self.clock.move(timedelta(seconds=seconds))

    def decision(self, reason: str = "found out why") -> Decision:
        """Return what an operator decides now."""
        now = self.clock.now()
        return Decision(by="operator", reason=reason, at=now, legal_at=now)

    async def heads(self) -> list[tuple[str, str, int]]:
        """Return the first event of each blocked key, why it blocks, and its failed attempts."""
        found = await blocked_keys(self.database, self.records)
        return [(row["event_id"], row["why"], row["attempts"]) for row in found]

    async def enqueue(self, *ids: str, topic: str = "orders", payload: bytes = b"{}") -> None:
        """Write outbox rows in one transaction; an id is `key-number`."""
        async with self.database.write() as connection:
            for event_id in ids:
                await connection.execute(insert(self.records.outbox).values(self.row(event_id, topic, payload)))
            await connection.commit()

    def row(self, event_id: str, topic: str = "orders", payload: bytes = b"{}") -> dict[str, object]:
        """Return an outbox row."""
        return {
            "id": event_id,
            "topic": topic,
            "key": event_id.rpartition("-")[0],
            "type": TYPE,
            "headers": {"ce_time": "2026-11-23T04:00:00Z"},
            "payload": payload,
            "created_at": self.clock.now(),
        }

    async def raise_subject(self, key: str) -> None:
        """Do as a command does: raise the subject's version and write its event to the outbox, in one transaction."""
        subjects = self.subjects
        async with self.database.write() as connection:
            raised = update(subjects).where(subjects.c.key == key).values(version=subjects.c.version + 1)
            version = (await connection.execute(raised.returning(subjects.c.version))).scalar_one()
            await connection.execute(insert(self.records.outbox).values(self.row(f"{key}-{version}", "wide")))
            await connection.commit()
        self.database.wake()

    async def effect(self, connection: AsyncConnection, record: Record, event: object) -> None:
        """Do the one effect of this service: store the event's id."""
        assert event is not None
        await connection.execute(insert(self.effects).values(event_id=record.id, key=record.key))

    async def done(self) -> list[str]:
        """Return the ids of the events that had their effect, in order."""
        async with self.database.read() as connection:
            asked = select(self.effects.c.event_id).order_by(self.effects.c.seq)
            return list((await connection.execute(asked)).scalars())

    async def outbox(self) -> list[str]:
        """Return the ids that wait to be published."""
        return await self._ids(self.records.outbox, self.records.outbox.c.id)

    async def parked(self) -> list[str]:
        """Return the ids that are parked, in order."""
        return await self._ids(self.records.parked, self.records.parked.c.event_id)

    async def dead(self) -> list[tuple[str, str, int]]:
        """Return id, reason code and attempts of the dead letters."""
        letters = self.records.dead_letters
        async with self.database.read() as connection:
            asked = select(letters.c.event_id, letters.c.reason_code, letters.c.attempts).order_by(letters.c.id)
            return [(row[0], row[1], row[2]) for row in await connection.execute(asked)]

    async def published(self, topic: str = "orders") -> list[str]:
        """Return the ids in the log, partition after partition."""
        found: list[str] = []
        subscription = self.bus.subscribe(f"look-{len(self.sleeps.taken)}", [topic])
        looker = _Looker()
        await subscription.start(looker)
        for partition in looker.partitions:
            found += [record.id for record in await subscription.fetch(partition, limit=100_000, wait=0)]
        await subscription.close()
        return found

    async def forget_offsets(self) -> None:
        """Make the next consumer that joins receive everything again."""
        async with self.database.write() as connection:
            await connection.execute(self.records.offsets.delete())
            await connection.commit()

    async def _ids(self, table: Table, column: Column[Any]) -> list[str]:
        async with self.database.read() as connection:
            return list((await connection.execute(select(column).order_by(table.c.seq))).scalars())

    async def count(self, table: Table) -> int:
        """Return how many rows a table has."""
        async with self.database.read() as connection:
            return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


class Unlimited(FaultyBus):
    """A view of the log in which a group can have a second reader, as Kafka briefly allows."""

    def __init__(self, log: EmbeddedBus) -> None:
        super().__init__(log)
        self._log = log

    def subscribe(self, group: str, topics: Iterable[str]) -> Subscription:
        """Subscribe under a name that no other group has."""
        return self._log.subscribe(f"{group} again", topics)


class _Looker:
    def __init__(self) -> None:
        self.partitions: list[Partition] = []

    async def assigned(self, partitions: Any) -> None:  # noqa: ANN401 -- the port's own
        self.partitions = list(partitions)

    async def revoked(self, partitions: Any) -> None:  # noqa: ANN401 -- the port's own
        assert partitions == self.partitions


Handle = Callable[[AsyncConnection, Record, Any], Awaitable[Waiting | None]]
