"""A reader's place in a consumer group of Kafka: made anew in place when its client broke or fell silent.

Where the group goes on is its own record; the offsets told to the broker only show the lag.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from common.errors import Transient
from common.messaging.bus import Member, Partition, Record

log = structlog.get_logger(__name__)


class Broken(Transient):
    """The client is of no use any more and has to be made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds: of an answer, a batch or a start, until a silent reader is suspected, between looks, of a session."""

    answer: float = 10.0
    publish: float = 20.0
    stalled: float = 15.0
    look: float = 1.0
    session: float = 10.0


class Client(Protocol):
    """One connection of a group's member."""

    async def start(self) -> None:
        """Join the group. Raises Transient, having closed itself."""

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return the next records of a partition; empty when it was closed or lost. Raises Transient and Broken."""

    async def check(self) -> None:
        """Raise what is wrong with the group's conversation: Transient or Broken."""

    def seek(self, partition: Partition, offset: int) -> None:
        """Have the next fetch begin there; without effect on a partition that was lost."""

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Tell the broker how far the group is, if it can be told."""

    async def close(self) -> None:
        """Leave the group, as far as the broker lets it."""


class Turns(Protocol):
    """Who is told of a client's partitions."""

    async def taken_over(self, client: Client, partitions: Sequence[Partition]) -> None:
        """The client has these from now on."""

    async def given_up(self, client: Client) -> None:
        """The client is about to lose all it has; returns when nothing of it is being worked on."""


Connect = Callable[[Turns], Client]
Heads = Callable[[set[str]], Awaitable[Mapping[Partition, int]]]
FIRST_KEPT: Final = 0
"""Kafka moves on to the first kept event when it is a later one."""


class KafkaSubscription:
    """One member of a consumer group; `connect` makes its client, `heads` tells where the log ends."""

    def __init__(self, group: str, connect: Connect, heads: Heads, patience: Patience) -> None:
        self._group = group
        self._connect = connect
        self._heads = heads
        self._patience = patience
        self._member: Member | None = None
        self._client: Client | None = None
        self._held: list[Partition] = []
        self._next: dict[Partition, int] = {}
        self._hungry: dict[Partition, float] = {}
        self._commits: dict[Partition, int] = {}
        self._broken = False
        self._log = log.bind(group=group)

    async def start(self, member: Member) -> None:
        """Join the group and take over what it assigns. Raises Transient."""
        self._member = member
        await self._open()

    async def watch(self) -> None:
        """Tell commits; make the client anew when it broke, or does not move although there is something to read."""
        while True:
            await asyncio.sleep(self._patience.look)
            try:
                await self._look()
            except Transient as error:
                self._log.warning("kafka-reader-waits", reason=error.reason)

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return up to `limit` next records, waiting up to `wait` seconds for the first. Raises Transient."""
        if self._client is None:  # being made anew: this reader is about to be stopped
            await asyncio.sleep(wait)
            return []
        self._hungry.setdefault(partition, time.monotonic())
        try:
            fetched = await self._client.fetch(partition, limit=limit, wait=wait)
        except Broken:
            self._broken = True
            raise
        if fetched:
            self._hungry.pop(partition, None)
            self._next[partition] = fetched[-1].offset + 1
        return fetched

    async def seek(self, partition: Partition, offset: int) -> None:
        """Have the next fetch begin at this offset; without effect on a partition that was lost."""
        if self._client is not None:
            self._client.seek(partition, offset)
            self._next[partition] = offset

    async def commit(self, partition: Partition, next_offset: int) -> None:
        """Note it; told to the broker soon, many at once: the effect's transaction is the truth."""
        self._commits[partition] = next_offset

    async def close(self) -> None:
        """Give the partitions up and leave the group."""
        await self._drop()

    async def taken_over(self, client: Client, partitions: Sequence[Partition]) -> None:
        """Begin each at the first kept event and hand them to the member; not from a client that is being let go."""
        if client is not self._client or self._member is None:
            return
        self._held = list(partitions)
        for partition in partitions:
            client.seek(partition, FIRST_KEPT)
            self._next[partition] = FIRST_KEPT
        await self._member.assigned(partitions)

    async def given_up(self, client: Client) -> None:
        """Have the member stop its work on what it holds, and tell the broker how far it came."""
        held, self._held = self._held, []
        if held and self._member is not None:
            await self._member.revoked(held)
        await self._tell_commits(client)
        self._next.clear()
        self._hungry.clear()

    async def _open(self) -> None:
        self._client = self._connect(self)
        try:
            await self._client.start()
        except BaseException:
            await self._drop()
            raise
        self._broken = False

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await self.given_up(client)
            await client.close()

    async def _look(self) -> None:
        if self._client is None:
            await self._open()
            return
        try:
            await self._client.check()
        except Broken as error:
            self._log.warning("kafka-reader-broken", reason=error.reason)
            self._broken = True
        await self._tell_commits(self._client)
        if self._broken or await self._is_stalled():
            self._log.warning("kafka-reader-made-anew", broken=self._broken)
            await self._drop()
            await self._open()

    async def _is_stalled(self) -> bool:
        now = time.monotonic()
        silent = [one for one, since in self._hungry.items() if now - since > self._patience.stalled]
        if not silent:
            return False
        heads = await self._heads({one.topic for one in silent})
        for one in silent:
            if one in self._hungry and heads[one] > self._next.get(one, 0):
                return True
            self._hungry.pop(one, None)
        return False

    async def _tell_commits(self, client: Client) -> None:
        commits, self._commits = self._commits, {}
        if commits:
            await client.commit(commits)
