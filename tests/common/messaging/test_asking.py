"""What aiokafka lets through: a lost connection is an outage whatever it is called, a defect is none."""

import asyncio
from typing import Never

import pytest

from common.errors import Transient
from common.messaging.kafka import KafkaBus
from common.messaging.wire import Access

NOWHERE = Access(servers="127.0.0.1:1")


class Asker:
    """A consumer of aiokafka that only fails."""

    def __init__(self, error: BaseException) -> None:
        self._error = error
        self.stopped = False

    async def end_offsets(self, _partitions: object) -> Never:
        """Fail."""
        raise self._error

    async def stop(self) -> None:
        """End."""
        self.stopped = True


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed"),
        asyncio.CancelledError(),
        OSError("gone"),
    ],
)
async def test_whatever_aiokafka_says_of_a_lost_connection_is_an_outage(error: BaseException) -> None:
    bus, asker = KafkaBus(NOWHERE, {"t": 1}), Asker(error)
    vars(bus)["_asker"] = asker
    with pytest.raises(Transient):
        await bus.heads(["t"])
    assert asker.stopped


async def test_a_defect_is_not_taken_for_an_outage() -> None:
    bus = KafkaBus(NOWHERE, {"t": 1})
    vars(bus)["_asker"] = Asker(RuntimeError("a set changed its size"))
    with pytest.raises(RuntimeError, match="changed its size"):
        await bus.heads(["t"])
