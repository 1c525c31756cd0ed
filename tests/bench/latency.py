"""(d) From the commit of an outbox row to the commit of its effect: relay and consumer run as in a worker."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from bench.events import outgoing
from bench.figures import Figure, Target
from bench.places import Places
from bench.streams import House, house
from bench.ways import LEGS, Stage, WatchedBus, Ways
from common.messaging.consumer.runner import Consumer
from common.messaging.consumer.transactions import Group
from common.messaging.relay.runner import Relay
from embedded.issuer.keys import SigningKey
from support.service.waiting import let_pass

FIRST: Final = 20
"""Events that are not measured: they wait for the group to form and for connections to be made."""
IDLE: Final = 1_000
FULL_SECONDS: Final = 3.0
HALF_SECONDS: Final = 5.0
PAUSE: Final = 0.02
P50: Final = Target(bound=10, at_least=False)
P99: Final = Target(bound=40, at_least=False)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A producer, the consumer of its events, and how long each event took."""

    producer: House
    topic: str
    ways: Ways

    async def one(self) -> None:
        """Commit one event."""
        (event,) = outgoing(1, self.topic)
        self.ways.begin(event.id)
        await self.producer.publish([event])
        self.ways.note(Stage.COMMITTED, [event.id])
        self.producer.database.wake()

    async def one_after_another(self, size: int) -> None:
        """Commit so many events, each when the one before had its effect and nothing was to do for a while."""
        for _ in range(size):
            await self.one()
            await self.ways.quiet()
            await let_pass(PAUSE)


async def latencies(places: Places, _: SigningKey) -> list[Figure]:
    """One producer, one consumer: first event after event without other load, then at half of the highest rate."""
    async with _working(places) as pipeline:
        await pipeline.one_after_another(FIRST)
        pipeline.ways.take()
        await pipeline.one_after_another(IDLE)
        idle = pipeline.ways.take()
        full = await _full(pipeline)
        pipeline.ways.take()
        until = perf_counter() + HALF_SECONDS
        while (now := perf_counter()) < until:
            await pipeline.one()
            await let_pass(max(0.0, now + 2 / full - perf_counter()))
        await pipeline.ways.quiet()
        half = pipeline.ways.take()
    return [
        *_figures("idle", [total for total, _ in idle], targets=(P50, P99)),
        *_where_the_slowest_were("idle", idle),
        *_figures(f"at half load ({full / 2:,.0f}/s)", [total for total, _ in half]),
    ]


async def _full(pipeline: Pipeline) -> float:
    """Return how many events per second get their effect when the producer does not pause."""
    began, size = perf_counter(), 0
    while perf_counter() - began < FULL_SECONDS:
        await pipeline.one()
        size += 1
    await pipeline.ways.quiet()
    return size / (perf_counter() - began)


def _figures(when: str, totals: Sequence[float], targets: tuple[Target | None, ...] = (None, None)) -> list[Figure]:
    cuts = statistics.quantiles(totals, n=100, method="inclusive")
    return [
        Figure(
            what=f"(d) commit to effect, {when}, {name}",
            ours=f"{len(totals):,} events",
            ceiling="",
            value=cuts[place - 1],
            unit=" ms",
            target=target,
        )
        for (name, place), target in zip((("p50", 50), ("p99", 99)), targets, strict=True)
    ]


def _where_the_slowest_were(when: str, ways: Sequence[tuple[float, Sequence[float]]]) -> list[Figure]:
    """Return the mean time of the slowest hundredth on each leg: what a bad p99 is made of."""
    slowest = sorted(ways, reverse=True)[: max(1, len(ways) // 100)]
    return [
        Figure(
            what=f"(d) the slowest 1 %, {when}: {leg}",
            ours=f"{len(slowest)} events, mean",
            ceiling="",
            value=statistics.fmean(legs[place] for _, legs in slowest),
            unit=" ms",
        )
        for place, leg in enumerate(LEGS)
    ]


@asynccontextmanager
async def _working(places: Places) -> AsyncIterator[Pipeline]:
    producing, consuming = await places.new("producer"), await places.new("consumer")
    ways = Ways()
    async with AsyncExitStack() as stack:
        producer = await stack.enter_async_context(house(producing))
        consumer = await stack.enter_async_context(house(consuming))
        log = places.log("latency")
        bus = WatchedBus(await log.open(), ways)
        stack.push_async_callback(bus.close)
        runner = Consumer(consumer.storage, bus, Group(name="takers", topics=(log.topic,), handle=consumer.effect))
        tasks = [asyncio.create_task(Relay(producer.storage, bus).run()), asyncio.create_task(runner.run())]
        try:
            yield Pipeline(producer, log.topic, ways)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
