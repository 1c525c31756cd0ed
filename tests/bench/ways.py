"""The way of an event from a producer's commit to the commit of its effect: a bus that notes when it was where."""

import asyncio
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from time import perf_counter
from typing import Final

from common.messaging.bus import Bus, Member, Outgoing, Partition, Record, Refusal, Subscription

PATIENCE: Final = 60.0


class Stage(IntEnum):
    """Where an event has come to."""

    COMMITTED = 0
    HANDED = 1
    ACKNOWLEDGED = 2
    FETCHED = 3
    TAKEN = 4


LEGS: Final = ("commit to relay", "log's acknowledgement", "log to reader", "effect and its commit")
"""The names of the intervals between the stages."""


class Ways:
    """When each event reached each stage, in milliseconds of one clock."""

    def __init__(self) -> None:
        self._under_way: dict[str, list[float]] = {}
        self._done: list[list[float]] = []
        self._quiet = asyncio.Event()

    def begin(self, event_id: str) -> None:
        """Follow an event; to be called before its commit, for others may see it before the producer's own returns."""
        self._under_way[event_id] = [math.nan] * len(Stage)
        self._quiet.clear()

    def note(self, stage: Stage, ids: Iterable[str]) -> None:
        """Note that events have reached a stage, for the first time; events that are not followed are passed over."""
        now = perf_counter() * 1000
        for event_id in ids:
            way = self._under_way.get(event_id)
            if way is None or not math.isnan(way[stage]):
                continue
            way[stage] = now
            if not any(map(math.isnan, way)):
                self._done.append(self._under_way.pop(event_id))
        if not self._under_way:
            self._quiet.set()

    async def quiet(self) -> None:
        """Wait until every event had its effect."""
        async with asyncio.timeout(PATIENCE):
            await self._quiet.wait()

    def take(self) -> list[tuple[float, list[float]]]:
        """Return of each event how long it took in all and on each leg, and forget them."""
        done, self._done = self._done, []
        return [
            (
                max(0.0, way[Stage.TAKEN] - way[Stage.COMMITTED]),
                [max(0.0, there - here) for here, there in itertools.pairwise(way)],
            )
            for way in done
        ]


class WatchedBus:
    """A bus whose appends are noted, and its readers with them."""

    def __init__(self, inner: Bus, ways: Ways) -> None:
        self._inner = inner
        self._ways = ways

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Publish."""
        ids = [one.id for one in batch]
        self._ways.note(Stage.HANDED, ids)
        answers = await self._inner.publish(batch)
        self._ways.note(Stage.ACKNOWLEDGED, (one for one, no in zip(ids, answers, strict=True) if no is None))
        return answers

    def subscribe(self, group: str, topics: Iterable[str]) -> "Watching":
        """Subscribe, watched."""
        return Watching(self._inner.subscribe(group, topics), self._ways)

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Ask for the heads."""
        return await self._inner.heads(topics)

    async def close(self) -> None:
        """Close."""
        await self._inner.close()


class Watching:
    """A subscription that notes when a partition's effects are committed: the consumer acknowledges after it."""

    def __init__(self, inner: Subscription, ways: Ways) -> None:
        self._inner = inner
        self._ways = ways
        self._fetched: dict[Partition, list[str]] = {}

    async def start(self, member: Member) -> None:
        """Join."""
        await self._inner.start(member)

    async def watch(self) -> None:
        """Look after it."""
        await self._inner.watch()

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Fetch, and keep the ids."""
        records = await self._inner.fetch(partition, limit=limit, wait=wait)
        ids = [record.id for record in records]
        self._ways.note(Stage.FETCHED, ids)
        self._fetched.setdefault(partition, []).extend(ids)
        return records

    async def seek(self, partition: Partition, offset: int) -> None:
        """Seek."""
        await self._inner.seek(partition, offset)

    async def commit(self, partition: Partition, next_offset: int) -> None:
        """Note the instant, then acknowledge."""
        self._ways.note(Stage.TAKEN, self._fetched.pop(partition, []))
        await self._inner.commit(partition, next_offset)

    async def close(self) -> None:
        """Leave."""
        await self._inner.close()
