"""The port to the event log; its promises are listed at `Bus`, and `tests/buses` checks them for every adapter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from common.kernel.values.sizes import LARGEST


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    number: int


class Outgoing(NamedTuple):
    """A row to be published; `payload` is passed on unchanged."""

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
"""The code of a refusal that the row did not cause: the log, or its partition, is unavailable."""


class Refusal(NamedTuple):
    """Why a row was not acknowledged: a short code and a text for the operator."""

    code: str
    reason: str


def refusals(batch: Sequence[Outgoing], topics: Mapping[str, int]) -> list[Refusal | None]:
    """Check a batch before it is written, by promises 3 and 7; the answer for a row that may be written is None."""
    if all(row.topic in topics and len(row.payload) <= LARGEST for row in batch):
        return [None] * len(batch)
    answers: list[Refusal | None] = []
    blocked: set[tuple[str, str]] = set()
    for row in batch:
        answer = None
        if (row.topic, row.key) in blocked:
            answer = Refusal("behind-refused", "an earlier row of its key was refused")
        elif row.topic not in topics:
            answer = Refusal("unknown-topic", row.topic)
        elif len(row.payload) > LARGEST:
            answer = Refusal("too-large", f"{len(row.payload)} bytes")
        if answer is not None:
            blocked.add((row.topic, row.key))
        answers.append(answer)
    return answers


class Member(Protocol):
    """A reader of the log: the log informs it which partitions are assigned to it."""

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Start reading these partitions, each at the offset in the group's own record."""

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Stop reading these partitions; returns when no work on them is in progress."""


class Subscription(Protocol):
    """One reader's membership in a group."""

    async def start(self, member: Member) -> None:
        """Join the group; partitions are assigned through the member, now or later."""

    async def watch(self) -> None:
        """Supervise the membership until cancelled, while others read; raises unrecoverable failures."""

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return up to `limit` next records of an assigned partition, in offset order, and advance behind them.

        Waits up to `wait` seconds for the first record; returns an empty sequence when no record arrives. A reader that
        wants to pause does not call it.
        """

    async def seek(self, partition: Partition, offset: int) -> None:
        """Make the next fetch begin at this offset."""

    async def commit(self, partition: Partition, next_offset: int) -> None:
        """Acknowledge the records below this offset; the log uses it only to report the lag."""

    async def close(self) -> None:
        """Leave the group; partitions are revoked first."""


class Bus(Protocol):
    """An event log, and what it promises.

    1. A topic has a fixed number of partitions; a key always goes to the same one (murmur2, as Kafka does).
    2. Offsets in a partition are dense and start at 0; an acknowledged row is on disk and is never changed or moved.
    3. Order per key: rows of one (topic, key) are in the log in the order in which they were first published. After a
       row that is not acknowledged, no later row of its (topic, key) in the same batch is written.
    4. Delivery is at least once: a row may be in the log, or reach a reader, twice under the same id. The embedded log
       ignores a repeated id per topic; a reader must ignore it anyway.
    5. Groups are independent. Within a group each partition has one reader at a time, except for a reader that has not
       yet noticed that it lost the partition.
    6. A group resumes at the offset of its own record (`Member.assigned`), which is written in the transaction of the
       effect; a partition without a record starts at the first stored event. The embedded log never deletes an event.
    7. A row of an undeclared topic, or with a payload over `LARGEST` bytes, is refused alone; the rest of its batch is
       written.
    """

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Append the rows; returns one answer per row, None for an acknowledged one.

        Raises Transient when no row could be attempted.
        """

    def subscribe(self, group: str, topics: Iterable[str]) -> Subscription:
        """Return a membership in the group, not joined yet. Raises ValueError for a topic that is not declared."""

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Return the offset that the next row of each partition will get. Raises Transient."""

    async def close(self) -> None:
        """Close files and connections."""
