"""Supervision of a group's membership: its failure ends the consumer, which would otherwise stop silently."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import pytest

from common.kernel.errors import Transient
from common.messaging.bus import Bus, Partition, Record
from common.messaging.kafka.subscription import Broken, Client, KafkaSubscription, KafkaTimeouts, RebalanceHandler
from support.messaging.small import Bench
from support.service.waiting import DEADLINE_SECONDS

PLACE = Partition("orders", 0)


class ScriptedClient:
    """A client whose checks raise the given errors in turn, and then succeed."""

    def __init__(self, handler: RebalanceHandler, *checks: BaseException) -> None:
        self._handler = handler
        self._checks = list(checks)
        self.closed = asyncio.Event()
        self.late_seeks: list[Partition] = []

    async def start(self) -> None:
        """Join, and get the one partition."""
        await self._handler.partitions_assigned(self, [PLACE])

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:  # noqa: ARG002 -- the port's
        """Return nothing."""
        await asyncio.sleep(0)
        return []

    async def check(self) -> None:
        """Raise the next error."""
        if self._checks:
            raise self._checks.pop(0)

    def seek(self, partition: Partition, offset: int) -> None:  # noqa: ARG002 -- the port's
        """Record a seek that comes after the end."""
        if self.closed.is_set():
            self.late_seeks.append(partition)

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Accept it."""

    async def close(self) -> None:
        """Leave, with one assignment that comes too late."""
        self.closed.set()
        await self._handler.partitions_assigned(self, [PLACE])


class OneGroup:
    """A bus with one group, whose first client raises the given errors in its checks."""

    def __init__(self, *checks: BaseException) -> None:
        self.clients: list[ScriptedClient] = []
        self._checks = list(checks)

    def subscribe(self, group: str, topics: Iterable[str]) -> KafkaSubscription:
        """Return the membership."""
        assert list(topics) == [PLACE.topic]
        return KafkaSubscription(group, self._connect, self.heads, KafkaTimeouts(check=0.001))

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Return heads of an empty log."""
        return {Partition(topic, 0): 0 for topic in topics}

    def _connect(self, handler: RebalanceHandler) -> Client:
        self.clients.append(ScriptedClient(handler, *self._checks))
        self._checks = []
        return self.clients[-1]


@pytest.mark.parametrize("error", [ValueError("a defect"), asyncio.CancelledError()])
async def test_a_consumer_ends_when_the_supervision_of_its_membership_ends(bench: Bench, error: BaseException) -> None:
    bus = OneGroup(error)
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await bench.runner(bench.effect, bus=cast("Bus", bus)).run()
    assert ended.group_contains(type(error) if isinstance(error, Exception) else RuntimeError)
    assert bus.clients[0].closed.is_set()


async def test_a_client_that_broke_is_replaced_and_its_late_events_are_ignored(bench: Bench) -> None:
    bus = OneGroup(Transient("slow"), Broken("failed"))
    consumer = bench.runner(bench.effect, bus=cast("Bus", bus))
    running = asyncio.create_task(consumer.run())
    async with asyncio.timeout(DEADLINE_SECONDS):
        while len(bus.clients) < 2:  # noqa: ASYNC110 -- the watch has no event for it
            await asyncio.sleep(0)
    assert bus.clients[0].closed.is_set()
    assert bus.clients[0].late_seeks == []
    assert not bus.clients[1].closed.is_set()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert bus.clients[1].closed.is_set()
