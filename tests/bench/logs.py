"""The logs that are measured: files of the embedded log or topics of a real broker, each also by its driver alone."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka.admin import NewTopic

from bench.events import rows_of_log
from common.messaging.bus import Bus, Outgoing
from common.messaging.embedded.log import open_bus
from common.messaging.kafka.client import KafkaBus
from common.messaging.kafka.wire import to_wire
from common.messaging.relay.runner import LIMIT
from common.messaging.topics import PARTITIONS
from common.storage.database.sqlite import WRITER_PRAGMAS, Inline
from support.messaging.kafka import KafkaServer

SECONDS: Final = 60.0
APPENDED: Final = (
    "INSERT INTO log (topic, partition, offset, key, event_id, type, headers, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Log(ABC):
    """One topic of a log, with as many partitions as an internal one has."""

    def __init__(self, topic: str) -> None:
        self.topic = topic

    @property
    def topics(self) -> Mapping[str, int]:
        """Return the topics that the bus is opened with."""
        return {self.topic: PARTITIONS["internal"]}

    @abstractmethod
    async def open(self) -> Bus:
        """Connect to it by the product's own adapter."""

    @abstractmethod
    async def bare(self) -> "Bare":
        """Connect to it by the driver alone."""


class Bare(ABC):
    """A log's driver: batches of the product's size, each acknowledged before the next."""

    async def append(self, events: Sequence[Outgoing]) -> float:
        """Append all, prepared beforehand; returns events per second."""
        append = self.prepared(events)
        began = perf_counter()
        for start in range(0, len(events), LIMIT):
            await append(start, start + LIMIT)
        return len(events) / (perf_counter() - began)

    @abstractmethod
    def prepared(self, events: Sequence[Outgoing]) -> Callable[[int, int], Awaitable[None]]:
        """Prepare the events; returns a function that appends `events[start:end]`."""

    async def read(self) -> float:
        """Read everything from the first event; returns events per second."""
        await self.rewind()
        began, size = perf_counter(), 0
        async for batch in self.batches():
            size += len(batch)
        return size / (perf_counter() - began)

    @abstractmethod
    async def rewind(self) -> None:
        """Go back to the first event."""

    @abstractmethod
    def batches(self) -> AsyncIterator[Sequence[object]]:
        """Read on to the end, in batches of the product's size."""

    @abstractmethod
    async def close(self) -> None:
        """Close it."""


class EmbeddedLog(Log):
    """A file of the embedded log."""

    def __init__(self, path: Path) -> None:
        super().__init__("bench")
        self._path = path

    async def open(self) -> Bus:
        """Open the file."""
        return await open_bus(self._path, self.topics)

    async def bare(self) -> Bare:
        """Have the product make the file, then open it by the driver alone."""
        await (await self.open()).close()
        return _File(self.topic, self._path)


class KafkaLog(Log):
    """A topic of a real broker."""

    def __init__(self, server: KafkaServer, topic: str) -> None:
        super().__init__(topic)
        self._access = server.access()
        for made in server.admin.create_topics([NewTopic(topic, PARTITIONS["internal"], 1)]).values():
            made.result(SECONDS)

    async def open(self) -> Bus:
        """Connect as the product does."""
        return KafkaBus(self._access, self.topics)

    async def bare(self) -> Bare:
        """Start a producer and a consumer of aiokafka, as durable and as careful as ours."""
        options = {"bootstrap_servers": self._access.servers, **self._access.options}
        producer = AIOKafkaProducer(**options, acks="all", enable_idempotence=True)
        consumer = AIOKafkaConsumer(
            self.topic, **options, group_id="bare", enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await producer.start()
        await consumer.start()
        return _Topic(self.topic, producer, consumer)


class _File(Bare):
    """The embedded log as bare SQLite: the same table and durability."""

    def __init__(self, topic: str, path: Path) -> None:
        self._topic = topic
        self._file = opened(path)
        self._offset = 0

    def prepared(self, events: Sequence[Outgoing]) -> Callable[[int, int], Awaitable[None]]:
        rows = rows_of_log(events, offset=self._offset)
        self._offset += len(rows)

        async def append(start: int, end: int) -> None:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany(APPENDED, rows[start:end])
            self._file.execute("COMMIT")

        return append

    async def rewind(self) -> None:
        """Do nothing: it is always read from the beginning."""

    async def batches(self) -> AsyncIterator[Sequence[object]]:
        asked = "SELECT * FROM log WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?"
        for number in range(PARTITIONS["internal"]):
            offset = 0
            while rows := self._file.execute(asked, (self._topic, number, offset, LIMIT)).fetchall():
                yield rows
                offset = rows[-1][3] + 1

    async def close(self) -> None:
        self._file.close()


class _Topic(Bare):
    """The broker's topic by aiokafka alone; it is read again from its beginning."""

    def __init__(self, topic: str, producer: Any, consumer: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
        self._topic = topic
        self._producer = producer
        self._consumer = consumer
        self._left = 0

    def prepared(self, events: Sequence[Outgoing]) -> Callable[[int, int], Awaitable[None]]:
        rows = [to_wire(one) for one in events]

        async def append(start: int, end: int) -> None:
            sent = [
                await self._producer.send(self._topic, row.value, key=row.key, headers=row.headers)
                for row in rows[start:end]
            ]
            await asyncio.gather(*sent)

        return append

    async def rewind(self) -> None:
        ends = await self._consumer.end_offsets(self._consumer.assignment())
        self._left = sum(ends.values())
        await self._consumer.seek_to_beginning()

    async def batches(self) -> AsyncIterator[Sequence[object]]:
        async with asyncio.timeout(SECONDS):
            while self._left > 0:
                for found in (await self._consumer.getmany(timeout_ms=1_000, max_records=LIMIT)).values():
                    self._left -= len(found)
                    yield found

    async def close(self) -> None:
        await self._producer.stop()
        await self._consumer.stop()


def opened(path: str | Path) -> Any:  # noqa: ANN401 -- the driver has no types
    """Open a SQLite file by the product's own library, as durably as the product does."""
    driver: Any = Inline().dbapi_module
    file = driver.connect(str(path), isolation_level=None)
    for pragma in WRITER_PRAGMAS:
        file.execute(pragma)
    return file
