"""Handlers that fail, and what the tests of failing consumers share."""

from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncConnection

from common.messaging.bus import Partition, Record
from support.messaging.small import Bench

ORDERS = Partition("orders", 0)
IDS = [f"k{number:02}-1" for number in range(100)]
"""Events of a hundred keys."""


class FailingHandler:
    """A handler that does the effect, but fails for chosen ids: `fails` once per error given, `always` every time."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.fails: dict[str, list[Exception]] = {}
        self.always: dict[str, Exception] = {}
        self.calls: list[str] = []

    async def __call__(self, connection: AsyncConnection, record: Record, event: object) -> None:
        self.calls.append(record.id)
        await self.bench.effect(connection, record, event)
        if record.id in self.always:
            raise self.always[record.id]
        if self.fails.get(record.id):
            raise self.fails[record.id].pop(0)


def sample(name: str, **labels: str) -> float:
    """Return a metric of the bench's consumer."""
    found = REGISTRY.get_sample_value(f"mingpai_{name}", {"service": "bench", "consumer": "takers"} | labels)
    return found or 0.0


async def publish(bench: Bench, *ids: str) -> None:
    """Write events and publish them."""
    await bench.enqueue(*ids)
    await bench.relay().once()
