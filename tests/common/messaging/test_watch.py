"""Who watches over a group's reader: what ends the watch ends the consumer, which would else fall silent unseen."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import pytest

from common.errors import Transient
from common.messaging.bus import Bus, Partition, Record
from common.messaging.group import Broken, Client, KafkaSubscription, Patience, Turns
from support.messaging import Bench
from support.waiting import DEADLINE_SECONDS

PLACE = Partition("orders", 0)


class Conversation:
    """A client whose group's conversation is as a test has it; `checks` raise in turn, then it goes well."""

    def __init__(self, turns: Turns, *checks: BaseException) -> None:
        self._turns = turns
        self._checks = list(checks)
        self.closed = asyncio.Event()
        self.sought_too_late: list[Partition] = []

    async def start(self) -> None:
        """Join, and get the one partition."""
        await self._turns.taken_over(self, [PLACE])

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:  # noqa: ARG002 -- the port's
        """Return nothing."""
        await asyncio.sleep(0)
        return []

    async def check(self) -> None:
        """Fail as told."""
        if self._checks:
            raise self._checks.pop(0)

    def seek(self, partition: Partition, offset: int) -> None:  # noqa: ARG002 -- the port's
        """Go there."""
        if self.closed.is_set():
            self.sought_too_late.append(partition)

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Take it."""

    async def close(self) -> None:
        """Leave; its last words come too late."""
        self.closed.set()
        await self._turns.taken_over(self, [PLACE])


class OneGroup:
    """A bus with one reader, whose clients fail their checks as told."""

    def __init__(self, *checks: BaseException) -> None:
        self.clients: list[Conversation] = []
        self._checks = list(checks)

    def subscribe(self, group: str, topics: Iterable[str]) -> KafkaSubscription:
        """Return the place."""
        assert list(topics) == [PLACE.topic]
        return KafkaSubscription(group, self._connect, self.heads, Patience(look=0.001))

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Tell that there is nothing."""
        return {Partition(topic, 0): 0 for topic in topics}

    def _connect(self, turns: Turns) -> Client:
        self.clients.append(Conversation(turns, *self._checks))
        self._checks = []
        return self.clients[-1]


@pytest.mark.parametrize("error", [ValueError("unheard of"), asyncio.CancelledError()])
async def test_a_consumer_whose_watch_ended_ends(bench: Bench, error: BaseException) -> None:
    bus = OneGroup(error)
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(DEADLINE_SECONDS):
            await bench.runner(bench.effect, bus=cast("Bus", bus)).run()
    assert ended.group_contains(type(error) if isinstance(error, Exception) else RuntimeError)
    assert bus.clients[0].closed.is_set()


async def test_a_client_that_broke_is_made_anew_and_has_no_say_any_more(bench: Bench) -> None:
    bus = OneGroup(Transient("it takes its time"), Broken("it is of no use"))
    consumer = bench.runner(bench.effect, bus=cast("Bus", bus))
    running = asyncio.create_task(consumer.run())
    async with asyncio.timeout(DEADLINE_SECONDS):
        while len(bus.clients) < 2:  # noqa: ASYNC110 -- the watch has no event for it
            await asyncio.sleep(0)
    assert bus.clients[0].closed.is_set()
    assert bus.clients[0].sought_too_late == []
    assert not bus.clients[1].closed.is_set()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert bus.clients[1].closed.is_set()
