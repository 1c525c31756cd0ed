"""(d) From the commit of an outbox row to the commit of its effect: relay and consumer run as in a worker."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from bench.events import outgoing
from bench.figures import Figure, Target
from bench.places import Places
from bench.streams import House, house
from common.messaging.bus import Bus, Member, Outgoing, Partition, Record, Refusal, Subscription
from common.messaging.consumer import Consumer
from common.messaging.relay import Relay
from common.messaging.taking import Group
from embedded.issuer.keys import SigningKey
from support.waiting import let_pass

IDLE: Final = 200
FULL_SECONDS: Final = 3.0
HALF_SECONDS: Final = 5.0
PAUSE: Final = 0.02
PATIENCE: Final = 60.0
P50: Final = Target(bound=10, at_least=False)
P99: Final = Target(bound=40, at_least=False)


class Watching:
    """A subscription that notes when a partition's effects are committed: the consumer acknowledges after it."""

    def __init__(self, inner: Subscription, done: "Done") -> None:
        self._inner = inner
        self._done = done
        self._fetched: dict[Partition, list[str]] = {}

    async def start(self, member: Member) -> None:
        """Join."""
        await self._inner.start(member)

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Fetch, and keep the ids."""
        records = await self._inner.fetch(partition, limit=limit, wait=wait)
        self._fetched.setdefault(partition, []).extend(record.id for record in records)
        return records

    async def seek(self, partition: Partition, offset: int) -> None:
        """Seek."""
        await self._inner.seek(partition, offset)

    async def commit(self, partition: Partition, next_offset: int) -> None:
        """Note the instant, then acknowledge."""
        self._done.note(self._fetched.pop(partition, []))
        await self._inner.commit(partition, next_offset)

    async def close(self) -> None:
        """Leave."""
        await self._inner.close()


class WatchedBus:
    """A bus whose readers are watched."""

    def __init__(self, inner: Bus, done: "Done") -> None:
        self._inner = inner
        self._done = done

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Publish."""
        return await self._inner.publish(batch)

    def subscribe(self, group: str, topics: Iterable[str]) -> Watching:
        """Subscribe, watched."""
        return Watching(self._inner.subscribe(group, topics), self._done)

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Ask for the heads."""
        return await self._inner.heads(topics)

    async def close(self) -> None:
        """Close."""
        await self._inner.close()


class Done:
    """When each event was committed by its producer, and its effect by the consumer; times in milliseconds."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}
        self.taken: list[float] = []
        self._quiet = asyncio.Event()

    def told(self, event_id: str) -> None:
        """Note that the producer's commit has returned."""
        self._told[event_id] = perf_counter()
        self._quiet.clear()

    def note(self, ids: Iterable[str]) -> None:
        """Note that effects are committed."""
        now = perf_counter()
        for event_id in ids:
            # an effect may be there before the producer's commit has returned to it
            self.taken.append((now - self._told.pop(event_id, now)) * 1000)
        if not self._told:
            self._quiet.set()

    async def quiet(self) -> None:
        """Wait until every event had its effect."""
        async with asyncio.timeout(PATIENCE):
            await self._quiet.wait()


@dataclass(frozen=True, slots=True)
class Telling:
    """A producer whose events are taken, and when they were."""

    producer: House
    topic: str
    done: Done

    async def one(self) -> None:
        """Commit one event."""
        (event,) = outgoing(1, self.topic)
        await self.producer.tell([event])
        self.done.told(event.id)
        self.producer.database.wake()


async def latencies(places: Places, _: SigningKey) -> list[Figure]:
    """One producer, one consumer: event after event with nothing else to do, then at half of what they manage."""
    async with _working(places) as telling:
        done = telling.done
        for _number in range(IDLE):
            await telling.one()
            await done.quiet()
            await let_pass(PAUSE)
        idle, done.taken = done.taken, []
        full = await _full(telling)
        done.taken = []
        until = perf_counter() + HALF_SECONDS
        while (now := perf_counter()) < until:
            await telling.one()
            await let_pass(max(0.0, now + 2 / full - perf_counter()))
        await done.quiet()
        half = done.taken
    return [*_figures("idle", idle, targets=(P50, P99)), *_figures(f"at half load ({full / 2:,.0f}/s)", half)]


async def _full(telling: Telling) -> float:
    """Return how many events per second get their effect when the producer does not pause."""
    began, size = perf_counter(), 0
    while perf_counter() - began < FULL_SECONDS:
        await telling.one()
        size += 1
    await telling.done.quiet()
    return size / (perf_counter() - began)


def _figures(when: str, taken: Sequence[float], targets: tuple[Target | None, ...] = (None, None)) -> list[Figure]:
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return [
        Figure(
            what=f"(d) commit to effect, {when}, {name}",
            ours=f"{len(taken):,} events",
            ceiling="",
            value=cuts[place - 1],
            unit=" ms",
            target=target,
        )
        for (name, place), target in zip((("p50", 50), ("p99", 99)), targets, strict=True)
    ]


@asynccontextmanager
async def _working(places: Places) -> AsyncIterator[Telling]:
    producing, consuming = await places.new("producer"), await places.new("consumer")
    done = Done()
    async with AsyncExitStack() as stack:
        producer = await stack.enter_async_context(house(producing))
        consumer = await stack.enter_async_context(house(consuming))
        log = places.log("latency")
        bus = WatchedBus(await log.open(), done)
        stack.push_async_callback(bus.close)
        runner = Consumer(consumer.home, bus, Group(name="takers", topics=(log.topic,), handle=consumer.effect))
        tasks = [asyncio.create_task(Relay(producer.home, bus).run()), asyncio.create_task(runner.run())]
        try:
            yield Telling(producer, log.topic, done)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
