"""What the bus suite needs from an adapter, and a plain reader that stores its offsets as a service would."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from common.messaging.bus import Bus, Outgoing, Partition, Record
from common.messaging.embedded.log import open_bus

DEADLINE_SECONDS = 20
TOPICS: Mapping[str, int] = {"orders": 4, "single": 1, "other": 4}


class Adapter(ABC):
    """One implementation of the bus, with topics of its own for one test."""

    absorbs: bool
    """Whether the log itself absorbs a repeated id."""

    @abstractmethod
    async def open(self) -> Bus:
        """Connect to the log, which keeps what was published before."""

    @abstractmethod
    def topic(self, name: str) -> str:
        """Return the full name of one of `TOPICS`."""


class EmbeddedAdapter(Adapter):
    """The SQLite log in a folder."""

    absorbs = True

    def __init__(self, folder: Path) -> None:
        self._path = folder / "bus.db"

    async def open(self) -> Bus:
        """Open the file."""
        return await open_bus(self._path, TOPICS)

    def topic(self, name: str) -> str:
        """Return the name as it is: the file is this test's own."""
        return name


class Reader:
    """A member of a group; `taken` is its own record of the next offsets, which outlives it."""

    def __init__(self, bus: Bus, group: str, topics: Sequence[str], taken: dict[Partition, int] | None = None) -> None:
        self.taken = {} if taken is None else taken
        self.partitions: list[Partition] = []
        self.subscription = bus.subscribe(group, topics)
        self._watch: asyncio.Task[None] | None = None

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Resume at the recorded offsets."""
        for partition in partitions:
            if partition in self.taken:
                await self.subscription.seek(partition, self.taken[partition])
        self.partitions.extend(partitions)

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Forget the partitions."""
        self.partitions = [partition for partition in self.partitions if partition not in partitions]

    async def join(self) -> "Reader":
        """Join the group."""
        await self.subscription.start(self)
        self._watch = asyncio.create_task(self.subscription.watch())
        return self

    async def read(self, count: int) -> list[Record]:
        """Read until so many have come; raises TimeoutError."""
        records: list[Record] = []
        async with asyncio.timeout(DEADLINE_SECONDS):
            while len(records) < count:
                for partition in list(self.partitions):
                    records += await self.subscription.fetch(partition, limit=500, wait=0.01)
                await asyncio.sleep(0)  # there may be no partition just now
        return records

    async def take(self, record: Record) -> None:
        """Record that a record's effect is committed, and acknowledge it."""
        partition = Partition(record.topic, record.partition)
        self.taken[partition] = record.offset + 1
        await self.subscription.commit(partition, record.offset + 1)

    async def leave(self) -> None:
        """Leave the group; raises what ended its supervision before."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await self.subscription.close()


def row(topic: str, key: str, number: int, payload: bytes = b"{}") -> Outgoing:
    """Return a row whose id consists of key and number."""
    return Outgoing(
        topic=topic, key=key, id=f"{key}-{number}", type="cn.mingpai.test.Happened.v1", headers={"n": str(number)},
        payload=payload,
    )  # fmt: skip


def ids(records: Sequence[Record]) -> list[str]:
    """Return the ids in order."""
    return [record.id for record in records]
