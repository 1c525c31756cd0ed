"""(c) The relay beside a bare append, the consumer beside a bare read, its inbox beside a bare set-based insert.

The bare parts are the driver's own calls in batches of the product's size, everything prepared beforehand.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from time import perf_counter, process_time
from typing import Any, Final, TypeAlias

import asyncpg
from sqlalchemy import Column, MetaData, Table, Text, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.events import outgoing, recorded, rows_of_outbox
from bench.figures import Contender, Figure, Target, take_turns
from bench.logs import SECONDS, Bare, opened
from bench.places import Place, Places
from common.contracts.catalogue import decode
from common.kernel.clock import SystemClock
from common.kernel.ids import new_id
from common.messaging.bus import Bus, Outgoing, Partition, Record
from common.messaging.consumer.runner import Consumer
from common.messaging.consumer.transactions import Group, Transactions
from common.messaging.relay.runner import LIMIT, Relay
from common.observability.instruments import Instruments
from common.storage.database.engine import Database, open_database
from common.storage.records import into, records
from common.storage.service import ServiceStorage
from embedded.issuer.keys import SigningKey
from support.service.waiting import let_pass

EVENTS: Final = 10 * LIMIT
SHORT_ROUNDS: Final = 25
"""Where a round takes tenths of a second: a busy moment of the machine is then a few rounds, not the median."""
HALF: Final = Target(bound=0.5)
PER_EVENT: Final = Target(bound=5_000)
BREATH: Final = 0.001
"""Seconds between looks at what has come: a reader that asks again at once would be measured asking."""
Effect: TypeAlias = Callable[[Sequence[str]], Awaitable[None]]
INBOX_OF_FILE: Final = "INSERT INTO inbox (consumer, event_id, received_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
INBOX_OF_SERVER: Final = (
    "INSERT INTO inbox (consumer, event_id, received_at) "
    "SELECT $1, each, $3 FROM unnest($2::text[]) each ON CONFLICT DO NOTHING RETURNING event_id"
)


@dataclass(frozen=True, slots=True)
class House:
    """A service's messaging over one place, with a table for effects."""

    storage: ServiceStorage
    database: Database
    effects: Table

    async def publish(self, events: Sequence[Outgoing]) -> None:
        """Put events into the outbox."""
        async with self.database.write() as connection:
            rows = rows_of_outbox(events, self.storage.instruments.system.now())
            await connection.execute(insert(self.storage.records.outbox), rows)
            await connection.commit()

    async def effect(self, connection: AsyncConnection, record: Record, event: object) -> None:
        """Have the one effect that an event has here."""
        assert event is not None
        await connection.execute(into(self.effects), {"event_id": record.id})


@asynccontextmanager
async def house(place: Place) -> AsyncIterator[House]:
    """Open a service's messaging in an empty place."""
    metadata = MetaData()
    effects = Table("effects", metadata, Column("event_id", Text, primary_key=True))
    database = open_database(place.owner_url)
    storage = ServiceStorage(
        service="bench",
        url="http://127.0.0.1:8000",
        database=database,
        records=records(metadata),
        instruments=Instruments(legal=SystemClock()),
    )
    try:
        async with database.write() as connection:
            await connection.run_sync(metadata.create_all)
            await connection.commit()
        yield House(storage, database, effects)
    finally:
        await database.close()


async def relaying(places: Places, _: SigningKey) -> list[Figure]:
    """The relay, from the outbox to the log and back to the delete, beside a bare append."""
    log, beside = places.log("relay"), places.log("relay-bare")
    async with house(await places.new("relay")) as here, AsyncExitStack() as stack:
        bus, bare = await log.open(), await beside.bare()
        stack.push_async_callback(bus.close)
        stack.push_async_callback(bare.close)
        relay = Relay(here.storage, bus)

        async def ours() -> float:
            await here.publish(outgoing(EVENTS, log.topic))
            began = perf_counter()
            while (await relay.once()).acknowledged:
                pass
            return EVENTS / (perf_counter() - began)

        async def port() -> float:
            events = outgoing(EVENTS, log.topic)
            began = perf_counter()
            for start in range(0, EVENTS, LIMIT):
                await bus.publish(events[start : start + LIMIT])
            return EVENTS / (perf_counter() - began)

        async def append() -> float:
            return await bare.append(outgoing(EVENTS, beside.topic))

        rounds = await take_turns({"relay": ours, "publish": port, "bare append": append}, rounds=SHORT_ROUNDS)
    return [
        rounds.figure("(c) relay", "relay", "bare append", target=HALF),
        rounds.figure("(c) the log's publish", "publish", "bare append"),
    ]


async def consuming(places: Places, _: SigningKey) -> list[Figure]:
    """The consumer with an effect for each event, beside a bare read; and per second of its own processor time."""
    beneath = await places.new("consume-bare")
    async with house(beneath):
        pass
    async with house(await places.new("consume")) as here, AsyncExitStack() as stack:
        beside = places.log("consume-bare")
        bare = await beside.bare()
        stack.push_async_callback(bare.close)
        await bare.append(outgoing(EVENTS, beside.topic))

        async def drained(name: str, **options: Any) -> "Drained":  # noqa: ANN401 -- the group's own
            log = places.log(name)
            bus = await log.open()
            stack.push_async_callback(bus.close)
            consumer = Consumer(here.storage, bus, Group(name=name, topics=(log.topic,), **options))
            await consumer.join()
            stack.push_async_callback(consumer.leave)
            return Drained(log.topic, bus, consumer)

        contenders = {
            "per event, one insert": (await drained("insert", decode=_decoded, handle=here.effect)).by_processor,
            "per event, none": (await drained("none", decode=_decoded, handle=_nothing)).by_processor,
            "bare read, one insert": _reading_and_inserting(bare, await _bare_effects(beneath, stack)),
            "followed": (await drained("followed", follow=_pass)).by_clock,
            "bare read": bare.read,
        }
        rounds = await take_turns(contenders)
    figures = [
        Figure(
            what=f"(c) consumer, {name}",
            ours=f"{rounds.median(name):,.0f} events per second of CPU",
            ceiling="",
            value=rounds.median(name),
            target=PER_EVENT,
        )
        for name in contenders
        if name.startswith("per event")
    ]
    return [
        *figures,
        rounds.figure("(c) consumer, by processor time", "per event, one insert", "bare read, one insert"),
        rounds.figure("(c) consumer, set-based", "followed", "bare read"),
    ]


def _reading_and_inserting(bare: Bare, insert_each: Effect) -> Contender:
    """Return the driver's own reading with one statement for each event, in processor time as ours."""

    async def taken() -> float:
        ids = [new_id(None) for _ in range(EVENTS)]
        await bare.rewind()
        began = process_time()
        async for batch in bare.batches():
            await insert_each([ids.pop() for _ in batch])
        return EVENTS / (process_time() - began)

    return taken


async def _bare_effects(place: Place, stack: AsyncExitStack) -> Effect:
    """Return what inserts effects by the driver alone: a statement for each, one commit for a batch."""
    if place.url.startswith("sqlite"):
        file = opened(place.url.removeprefix("sqlite:///"))
        stack.callback(file.close)

        async def insert_into_file(ids: Sequence[str]) -> None:
            file.execute("BEGIN IMMEDIATE")
            for one in ids:
                file.execute("INSERT INTO effects (event_id) VALUES (?)", (one,))
            file.execute("COMMIT")

        return insert_into_file
    connection = await asyncpg.connect(place.owner_url)
    stack.push_async_callback(connection.close)
    statement = await connection.prepare("INSERT INTO effects (event_id) VALUES ($1)")

    async def insert_into_server(ids: Sequence[str]) -> None:
        async with connection.transaction():
            for one in ids:
                await statement.fetch(one)

    return insert_into_server


@dataclass(frozen=True, slots=True)
class Drained:
    """A consumer that has joined, and the log that it alone reads."""

    topic: str
    bus: Bus
    consumer: Consumer

    async def by_clock(self) -> float:
        """Take a share of events; returns events per second."""
        return await self._taken(perf_counter)

    async def by_processor(self) -> float:
        """Take a share of events; returns events per second of this process's processor time."""
        return await self._taken(process_time)

    async def _taken(self, clock: Callable[[], float]) -> float:
        await self.bus.publish(outgoing(EVENTS, self.topic))
        began, taken = clock(), 0
        async with asyncio.timeout(SECONDS):
            while taken < EVENTS:
                taken += await self.consumer.drain()
                await let_pass(BREATH)  # a broker's next answer may still be on its way
        assert taken >= EVENTS, "a log delivers at least once"
        return EVENTS / (clock() - began)


async def entering(places: Places, _: SigningKey) -> list[Figure]:
    """The set-based inbox, with the partition's lock and the offset, beside one bare statement for each batch."""
    place, beside = await places.new("inbox"), await places.new("inbox-bare")
    async with house(place) as here, house(beside):
        pass
    async with house(place) as here:
        transactions = Transactions(here.storage, Group(name="inbox", topics=("bench",), follow=_pass))
        partition = Partition("bench", 0)
        offsets = count(0, LIMIT)

        async def ours() -> float:
            batches = [recorded(LIMIT, partition, offset=next(offsets)) for _ in range(EVENTS // LIMIT)]
            began = perf_counter()
            for batch in batches:
                await transactions.process(partition, batch)
            return EVENTS / (perf_counter() - began)

        rounds = await take_turns({"inbox": ours, "bare insert": await _bare_inbox(beside)}, rounds=SHORT_ROUNDS)
    return [rounds.figure("(c) inbox, set-based", "inbox", "bare insert", target=HALF)]


async def _bare_inbox(place: Place) -> Contender:
    clock = SystemClock()
    if place.url.startswith("sqlite"):
        file = opened(place.url.removeprefix("sqlite:///"))

        async def insert_into_file() -> float:
            rows = [("inbox", new_id(None), clock.now().isoformat()) for _ in range(EVENTS)]
            began = perf_counter()
            for start in range(0, EVENTS, LIMIT):
                file.execute("BEGIN IMMEDIATE")
                file.executemany(INBOX_OF_FILE, rows[start : start + LIMIT])
                file.execute("COMMIT")
            return EVENTS / (perf_counter() - began)

        return insert_into_file
    connection = await asyncpg.connect(place.owner_url)

    async def insert_into_server() -> float:
        ids = [new_id(None) for _ in range(EVENTS)]
        began = perf_counter()
        for start in range(0, EVENTS, LIMIT):
            await connection.fetch(INBOX_OF_SERVER, "inbox", ids[start : start + LIMIT], clock.now())
        return EVENTS / (perf_counter() - began)

    return insert_into_server


def _decoded(record: Record) -> object:
    return decode(record.headers, record.payload)


async def _nothing(_connection: AsyncConnection, _record: Record, _event: object) -> None:
    """Have no effect."""


async def _pass(_connection: AsyncConnection, _records: Sequence[tuple[Record, object]]) -> None:
    """Have no effect."""
