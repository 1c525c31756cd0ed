"""A reader's membership in a consumer group of Kafka: its client is replaced when it has failed or stalled.

The group resumes at the offsets in its own record; the offsets committed to the broker only show the lag.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from common.kernel.errors import Transient
from common.messaging.bus import Member, Partition, Record

log = structlog.get_logger(__name__)


class Broken(Transient):
    """The client cannot recover and has to be replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaTimeouts:
    """Limits in seconds: of an answer, of a batch or start, of a stalled reader, between checks, of a session."""

    answer: float = 10.0
    publish: float = 20.0
    stalled: float = 15.0
    check: float = 1.0
    session: float = 10.0


class Client(Protocol):
    """The connection of a group's member."""

    async def start(self) -> None:
        """Join the group. Raises Transient; the client is then closed."""

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return the next records of a partition; empty when it was closed or lost. Raises Transient and Broken."""

    async def check(self) -> None:
        """Raise a failure of the membership: Transient or Broken."""

    def seek(self, partition: Partition, offset: int) -> None:
        """Make the next fetch begin at this offset; no effect on a partition that was lost."""

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Commit offsets to the broker, if it answers."""

    async def close(self) -> None:
        """Leave the group; an unreachable broker raises no error."""


class RebalanceHandler(Protocol):
    """Receives the changes of a client's partitions."""

    async def partitions_assigned(self, client: Client, partitions: Sequence[Partition]) -> None:
        """Receive the complete list of the client's partitions."""

    async def partitions_revoked(self, client: Client) -> None:
        """Stop the work on the client's partitions, which it is about to lose; returns when no work is in progress."""


Connect = Callable[[RebalanceHandler], Client]
Heads = Callable[[set[str]], Awaitable[Mapping[Partition, int]]]
FIRST_KEPT: Final = 0
"""The offset to start at; Kafka continues at the first stored event when that has a higher offset."""


class KafkaSubscription:
    """One member of a consumer group; `connect` makes its client, `heads` returns where the log ends."""

    def __init__(self, group: str, connect: Connect, heads: Heads, timeouts: KafkaTimeouts) -> None:
        self._group = group
        self._connect = connect
        self._heads = heads
        self._timeouts = timeouts
        self._member: Member | None = None
        self._client: Client | None = None
        self._assigned: list[Partition] = []
        self._next_offsets: dict[Partition, int] = {}
        self._fetching_since: dict[Partition, float] = {}
        self._commits: dict[Partition, int] = {}
        self._broken = False
        self._log = log.bind(group=group)

    async def start(self, member: Member) -> None:
        """Join the group and take over what it assigns. Raises Transient."""
        self._member = member
        await self._connect_client()

    async def watch(self) -> None:
        """Send commits; replace the client when it has failed, or makes no progress although there are records."""
        while True:
            await asyncio.sleep(self._timeouts.check)
            try:
                await self._check_client()
            except Transient as error:
                self._log.warning("kafka-subscription-waits", reason=error.reason)

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return up to `limit` next records, waiting up to `wait` seconds for the first. Raises Transient."""
        if self._client is None:  # being replaced: this reader is about to be stopped
            await asyncio.sleep(wait)
            return []
        self._fetching_since.setdefault(partition, time.monotonic())
        try:
            fetched = await self._client.fetch(partition, limit=limit, wait=wait)
        except Broken:
            self._broken = True
            raise
        if fetched:
            self._fetching_since.pop(partition, None)
            self._next_offsets[partition] = fetched[-1].offset + 1
        return fetched

    async def seek(self, partition: Partition, offset: int) -> None:
        """Make the next fetch begin at this offset; without effect on a partition that was lost."""
        if self._client is not None:
            self._client.seek(partition, offset)
            self._next_offsets[partition] = offset

    async def commit(self, partition: Partition, next_offset: int) -> None:
        """Remember the offset; `watch` sends it to the broker later, with others, because it only shows the lag."""
        self._commits[partition] = next_offset

    async def close(self) -> None:
        """Give up the partitions and leave the group."""
        await self._discard_client()

    async def partitions_assigned(self, client: Client, partitions: Sequence[Partition]) -> None:
        """Start each at the first kept event and assign them to the member; a discarded client is ignored."""
        if client is not self._client or self._member is None:
            return
        self._assigned = list(partitions)
        for partition in partitions:
            client.seek(partition, FIRST_KEPT)
            self._next_offsets[partition] = FIRST_KEPT
        await self._member.assigned(partitions)

    async def partitions_revoked(self, client: Client) -> None:
        """Wait until the member has stopped its work on its partitions, and send its last offsets to the broker."""
        assigned, self._assigned = self._assigned, []
        if assigned and self._member is not None:
            await self._member.revoked(assigned)
        await self._send_commits(client)
        self._next_offsets.clear()
        self._fetching_since.clear()

    async def _connect_client(self) -> None:
        self._client = self._connect(self)
        try:
            await self._client.start()
        except BaseException:
            await self._discard_client()
            raise
        self._broken = False

    async def _discard_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await self.partitions_revoked(client)
            await client.close()

    async def _check_client(self) -> None:
        if self._client is None:
            await self._connect_client()
            return
        try:
            await self._client.check()
        except Broken as error:
            self._log.warning("kafka-client-broken", reason=error.reason)
            self._broken = True
        await self._send_commits(self._client)
        if self._broken or await self._is_stalled():
            self._log.warning("kafka-client-replaced", broken=self._broken)
            await self._discard_client()
            await self._connect_client()

    async def _is_stalled(self) -> bool:
        now = time.monotonic()
        suspects = [one for one, since in self._fetching_since.items() if now - since > self._timeouts.stalled]
        if not suspects:
            return False
        heads = await self._heads({one.topic for one in suspects})
        for one in suspects:
            if one in self._fetching_since and heads[one] > self._next_offsets.get(one, 0):
                return True
            self._fetching_since.pop(one, None)
        return False

    async def _send_commits(self, client: Client) -> None:
        commits, self._commits = self._commits, {}
        if commits:
            await client.commit(commits)
