"""Who watches over a group's reader: what ends the watch ends the reader, which would else fall silent unseen."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from common.messaging.bus import Partition, Record
from common.messaging.group import KafkaSubscription, Patience
from support.waiting import DEADLINE_SECONDS

PLACE = Partition("topic", 0)


class Failing:
    """A client whose group's conversation ends as no broker would end it."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    async def start(self) -> None:
        """Join."""

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:  # noqa: ARG002 -- the port's
        """Return nothing."""
        return []

    async def check(self) -> None:
        """Fail."""
        raise self._error

    def seek(self, partition: Partition, offset: int) -> None:
        """Go there."""

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Take it."""

    async def close(self) -> None:
        """Leave."""


class Member:
    """Takes what it is given."""

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Take them."""

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Let go of them."""


async def heads(topics: set[str]) -> Mapping[Partition, int]:
    return {Partition(topic, 0): 0 for topic in topics}


@pytest.mark.parametrize("error", [ValueError("unheard of"), asyncio.CancelledError()])
async def test_a_reader_whose_watch_ended_says_so(error: BaseException) -> None:
    subscription = KafkaSubscription("g", lambda _: Failing(error), heads, Patience(look=0.001))
    await subscription.start(Member())

    async def reads() -> None:
        while True:
            await subscription.fetch(PLACE, limit=1, wait=0)
            await asyncio.sleep(0)

    async with asyncio.timeout(DEADLINE_SECONDS):
        with pytest.raises(RuntimeError, match="nobody watches over the group g any more"):
            await reads()
    await subscription.close()
