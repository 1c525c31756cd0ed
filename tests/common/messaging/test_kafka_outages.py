"""Errors of aiokafka: a lost connection is an outage whatever its type, and a defect is not an outage."""

import asyncio
from typing import Never

import pytest

from common.kernel.errors import Transient
from common.messaging.kafka.client import KafkaBus
from common.messaging.kafka.wire import KafkaAccess

NOWHERE = KafkaAccess(servers="127.0.0.1:1")


class FailingConsumer:
    """A consumer of aiokafka whose every request fails."""

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
async def test_every_error_of_a_lost_connection_is_an_outage(error: BaseException) -> None:
    bus, consumer = KafkaBus(NOWHERE, {"t": 1}), FailingConsumer(error)
    vars(bus)["_heads_consumer"] = consumer
    with pytest.raises(Transient):
        await bus.heads(["t"])
    assert consumer.stopped


async def test_a_defect_is_not_an_outage() -> None:
    bus = KafkaBus(NOWHERE, {"t": 1})
    vars(bus)["_heads_consumer"] = FailingConsumer(RuntimeError("a set changed its size"))
    with pytest.raises(RuntimeError, match="changed its size"):
        await bus.heads(["t"])
