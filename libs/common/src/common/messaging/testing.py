"""What tests and the demo drive messaging with: everything run until quiet, and a bus that fails on command."""

from collections.abc import Iterable, Mapping, Sequence

from common.errors import Transient
from common.messaging.bus import UNAVAILABLE, Bus, Outgoing, Partition, Refusal, Subscription
from common.messaging.consumer import Consumer
from common.messaging.relay import Relay

ROUNDS = 1_000


async def drain(relays: Iterable[Relay], consumers: Iterable[Consumer], *, rounds: int = ROUNDS) -> int:
    """Publish and take until nothing moves; returns how much moved.

    The consumers have joined. Raises RuntimeError when services keep answering each other for ever.
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
    """A bus that passes on to another one, and fails when told.

    `down` makes every publish raise; rows whose id is in `unacknowledged` are not written; those in `unheard` are
    written and their acknowledgement is lost. Each id fails as long as it is in the set.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.down = False
        self.unacknowledged: set[str] = set()
        self.unheard: set[str] = set()

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Publish what may be published. Raises Transient while down."""
        if self.down:
            raise Transient("bus-down")
        lost = Refusal(UNAVAILABLE, "lost on purpose")
        held_up: set[tuple[str, str]] = set()
        written = []
        for row in batch:
            if row.id in self.unacknowledged or (row.topic, row.key) in held_up:
                held_up.add((row.topic, row.key))
            else:
                written.append(row)
        answers = dict(zip([(row.topic, row.id) for row in written], await self._bus.publish(written), strict=True))
        return [lost if row.id in self.unheard else answers.get((row.topic, row.id), lost) for row in batch]

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
