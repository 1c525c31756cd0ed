"""The port to the event log; its promises stand in words at `Bus`, and `tests/buses` holds every adapter to them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

LARGEST: Final = 1_000_000
"""Bytes a payload may have at most: what Kafka takes in its default settings, headers aside."""


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    number: int


class Outgoing(NamedTuple):
    """A row to be published; `payload` is passed on as it is."""

    topic: str
    key: str
    id: str
    type: str
    headers: Mapping[str, str]
    payload: bytes


class Record(NamedTuple):
    """A row of the log."""

    topic: str
    partition: int
    offset: int
    key: str
    id: str
    type: str
    headers: Mapping[str, str]
    payload: bytes


UNAVAILABLE: Final = "bus-unavailable"
"""The code of a refusal that says nothing about the row: the log, or its part of the log, could not take it now."""


class Refusal(NamedTuple):
    """Why a row was not acknowledged: a short code and a text for the operator."""

    code: str
    reason: str


def refusals(batch: Sequence[Outgoing], topics: Mapping[str, int]) -> list[Refusal | None]:
    """Judge a batch before it is written, as promises 3 and 7 say; None for a row that may be written."""
    if all(row.topic in topics and len(row.payload) <= LARGEST for row in batch):
        return [None] * len(batch)
    answers: list[Refusal | None] = []
    held_up: set[tuple[str, str]] = set()
    for row in batch:
        answer = None
        if (row.topic, row.key) in held_up:
            answer = Refusal("behind-refused", "an earlier row of its key was refused")
        elif row.topic not in topics:
            answer = Refusal("unknown-topic", row.topic)
        elif len(row.payload) > LARGEST:
            answer = Refusal("too-large", f"{len(row.payload)} bytes")
        if answer is not None:
            held_up.add((row.topic, row.key))
        answers.append(answer)
    return answers


class Member(Protocol):
    """A reader as the log sees it: told which partitions are its own."""

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Take partitions over, and seek each to where the group's own record says before reading it."""

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Give partitions up; returns when nothing of them is being worked on."""


class Subscription(Protocol):
    """One reader's place in a group."""

    async def start(self, member: Member) -> None:
        """Join the group; partitions are assigned through the member, now or later."""

    async def watch(self) -> None:
        """Look after the place until cancelled, beside the reading; raises what would have it fall silent for good."""

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return up to `limit` next records of an assigned partition, in offset order, and move on behind them.

        Waits up to `wait` seconds for the first; empty when none came. Not fetching is how a reader pauses.
        """

    async def seek(self, partition: Partition, offset: int) -> None:
        """Have the next fetch begin at this offset."""

    async def commit(self, partition: Partition, next_offset: int) -> None:
        """Acknowledge everything below; for the log's own view of the lag. The effect's transaction is the truth."""

    async def close(self) -> None:
        """Leave the group; partitions are revoked first."""


class Bus(Protocol):
    """An event log, and what it promises.

    1. A topic has a fixed number of partitions; a key always goes to the same one (murmur2, as Kafka does).
    2. Offsets in a partition are dense and start at 0; what was acknowledged is on disk and is never changed or moved.
    3. Order per key: rows of one (topic, key) are in the log in the order in which they were first given. After a row
       that is not acknowledged, no later row of its (topic, key) in the same batch is written.
    4. Delivery is at least once: a row may be in the log, or reach a reader, twice under the same id. The embedded log
       absorbs a repeated id per topic; a reader must absorb it anyway.
    5. Groups are independent. Within a group each partition has one reader at a time, save for a reader that has not
       yet noticed that it lost the partition.
    6. A group goes on where its own record says (`Member.assigned`), which lies in the transaction of the effect; a
       partition without a record starts at the first event that is kept. The embedded log keeps every event.
    7. A row of an undeclared topic, or with a payload over `LARGEST` bytes, is refused by itself; its batch goes on.
    """

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Append the rows; returns one answer per row, None for an acknowledged one.

        Raises Transient when no row at all could be tried.
        """

    def subscribe(self, group: str, topics: Iterable[str]) -> Subscription:
        """Return a place in the group, not joined yet. Raises ValueError for a topic that is not declared."""

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Return the offset that the next row of each partition will get. Raises Transient."""

    async def close(self) -> None:
        """Let go of files and connections."""
