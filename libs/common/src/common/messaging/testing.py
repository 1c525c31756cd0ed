"""Messaging in tests: run everything until nothing moves, and a bus that fails on command."""

from collections.abc import Iterable, Mapping, Sequence

from common.kernel.errors import Transient
from common.messaging.bus import UNAVAILABLE, Bus, Outgoing, Partition, Refusal, Subscription
from common.messaging.consumer.runner import Consumer
from common.messaging.relay.runner import Relay

ROUNDS = 1_000


async def drain(relays: Iterable[Relay], consumers: Iterable[Consumer], *, rounds: int = ROUNDS) -> int:
    """Publish and process until nothing moves; returns how many rows and records moved.

    The consumers must have joined before. Raises RuntimeError when services keep reacting to each other for ever.
    """
    relays, consumers, total = list(relays), list(consumers), 0
    for _ in range(rounds):
        moved = 0
        for relay in relays:
            moved += (await relay.once()).acknowledged
        for consumer in consumers:
            moved += await consumer.drain()
        if not moved:
            return total
        total += moved
    raise RuntimeError(f"not quiet after {rounds} rounds")


class FaultyBus:
    """A bus in front of another one that fails on command.

    `down` makes every publish raise; rows whose id is in `unwritten` are not written; those in `unacknowledged` are
    written and their acknowledgement is lost. Each id fails as long as it is in the set.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.down = False
        self.unwritten: set[str] = set()
        self.unacknowledged: set[str] = set()

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Publish what may be published. Raises Transient while down."""
        if self.down:
            raise Transient("bus-down")
        lost = Refusal(UNAVAILABLE, "lost on purpose")
        blocked: set[tuple[str, str]] = set()
        written = []
        for row in batch:
            if row.id in self.unwritten or (row.topic, row.key) in blocked:
                blocked.add((row.topic, row.key))
            else:
                written.append(row)
        answers = dict(zip([(row.topic, row.id) for row in written], await self._bus.publish(written), strict=True))
        return [lost if row.id in self.unacknowledged else answers.get((row.topic, row.id), lost) for row in batch]

    def subscribe(self, group: str, topics: Iterable[str]) -> Subscription:
        """Subscribe to the bus behind it."""
        return self._bus.subscribe(group, topics)

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Ask the bus behind it. Raises Transient while down."""
        if self.down:
            raise Transient("bus-down")
        return await self._bus.heads(topics)

    async def close(self) -> None:
        """Close the bus behind it."""
        await self._bus.close()
