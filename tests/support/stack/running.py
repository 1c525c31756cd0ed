"""A running stack for the stories: the one whose data folder `STACK` names, emptied before each.

Only rows are deleted. Published events stay in the log, so the offsets of its readers stay too. Before that the stack
must be idle: an event in progress would arrive in the next story.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import pytest
from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from sqlalchemy import URL, make_url

from common.contracts.catalogue import EVENTS
from common.kernel.clock import SystemClock
from common.kernel.event import Audience, topic
from common.process.legal_clock import DEMO_START, LegalClock
from common.service import Service
from embedded.demo.people import load_demo
from embedded.journey import stages
from embedded.journey.player import Player
from embedded.origin.parts import SERVICES
from stack.machine.record import SERVER, recorded
from stack.servers.kafka.broker import ADMIN, login
from stack.servers.kafka.topics import declared
from stack.servers.postgres import USER
from support.service.waiting import eventually

FOLDER: Final = os.environ.get("STACK")
"""The data folder of the stack that the stories run on, None for platforms of their own."""
QUIET_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.1
STAYS: Final = frozenset({"alembic_version", "offsets"})


@dataclass(kw_only=True)
class RunningStack:
    """Where a stack is found, its databases by service, their superuser, and an administrator of its log."""

    url: str
    data: Path
    databases: Mapping[str, str]
    superuser: URL
    administrator: dict[str, str | int | float | bool]
    log: AdminClient | None = None

    @classmethod
    def at(cls, data: Path) -> "RunningStack":
        """Return the stack with this data folder; one that does not run is an error, not a skip: it was asked for."""
        record = recorded(data)
        if record is None or not record.living:
            raise RuntimeError(f"no stack runs with {data}; start it by `make stack`")
        word = next(one.password for one in record.credentials if (one.at, one.name) == ("Kafka", ADMIN))
        administrator = login(record.kafka, ADMIN, word)
        secret = next(one.password for one in record.credentials if (one.at, one.name) == (SERVER, USER))
        at = make_url(next(iter(record.databases.values()))).set(username=USER, password=secret)
        return cls(
            url=record.url,
            data=Path(record.data),
            databases=record.databases,
            superuser=at,
            administrator=administrator,
        )

    def admin_url(self, service: str) -> str:
        """Return the URL of a service's database for the superuser, whom no right and no trigger stops."""
        return self.superuser.set(database=service).render_as_string(hide_password=False)

    async def begin_afresh(self) -> None:
        """Wait until nothing is in progress, empty every table and put the legal clock back to its beginning."""
        await self.become_quiet()
        for service in self.databases:
            await _empty(self.admin_url(service))
        clock = self.data / "demo-clock.json"
        clock.unlink()
        LegalClock(clock, SystemClock(), start=DEMO_START)

    async def become_quiet(self) -> None:
        """Wait until nothing is in progress: every outbox empty, every record taken. Raises NeverQuietError."""
        await quiet(self.under_way, seconds=QUIET_SECONDS)

    async def longest_wait(self) -> float:
        """Return for how many seconds the oldest row of all outboxes has waited to be published."""
        asked = "SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float FROM outbox"
        return max([await _ask(url, asked) for url in self.databases.values()])

    async def under_way(self) -> str:
        """Return what waits to be published or read, "" when nothing does; in this order, since reading makes rows."""
        for _ in range(2):
            for name, url in self.databases.items():
                if await _count(url, "outbox"):
                    return f"the outbox of {name}"
            try:
                ends = await asyncio.to_thread(self._ends)
            except KafkaException as error:
                self.log = None  # it knows the leaders of before the broker went, and would for minutes
                return f"the broker, which cannot say: {error}"
            for service in SERVICES:
                if behind := await _behind(self.databases[service.name], ends, read_by(service)):
                    return f"what {service.name} has not read: {behind}"
        return ""

    def _ends(self) -> dict[tuple[str, int], int]:
        if self.log is None:
            self.log = AdminClient(self.administrator)
        partitions = [
            TopicPartition(name, number) for name, count in declared().partitions.items() for number in range(count)
        ]
        latest: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the library's own gap
        asked = self.log.list_offsets(dict.fromkeys(partitions, latest), request_timeout=10)
        return {(one.topic, one.partition): answer.result(10).offset for one, answer in asked.items()}


class NeverQuietError(Exception):
    """Something was in progress until the deadline; the text says what."""


async def quiet(under_way: Callable[[], Awaitable[str]], *, seconds: float, looks: int = 1) -> None:
    """Wait until nothing is in progress, so many times in a row. Raises NeverQuietError."""
    what, left = "", looks
    try:
        async with asyncio.timeout(seconds):
            while left:
                what = await under_way()
                left = looks if what else left - 1
                await asyncio.sleep(LOOK_SECONDS)  # other processes have no event of ours
    except TimeoutError as late:
        last = what or "nothing, but not for long enough"
        raise NeverQuietError(f"after {seconds:.0f} s still in progress: {last}") from late


def read_by(service: Service) -> frozenset[str]:
    """Return the topics that a service reads."""
    internal = {topic(producer, Audience.INTERNAL) for producer in service.producers}
    outside = {name for event in EVENTS.values() for name in event.topics()[1:]} if service.follows else set()
    return frozenset(internal | outside)


async def _behind(url: str, ends: Mapping[tuple[str, int], int], topics: frozenset[str]) -> list[tuple[str, int]]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT topic, partition, min(next_offset) AS next FROM offsets GROUP BY 1, 2")
    finally:
        await connection.close()
    reached = {(row["topic"], row["partition"]): row["next"] for row in rows}
    return [place for place, end in ends.items() if place[0] in topics and reached.get(place, 0) < end]


async def _count(url: str, table: str) -> int:
    return int(await _ask(url, f"SELECT count(*) FROM {table}"))  # noqa: S608 -- our own table


async def _ask(url: str, question: str) -> float:
    connection = await asyncpg.connect(url)
    try:
        found: float = await connection.fetchval(question)
        return found
    finally:
        await connection.close()


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = ", ".join(f'"{name}"' for (name,) in tables if name not in STAYS)
        await connection.execute("SET lock_timeout = '20s'")
        await connection.execute("SET session_replication_role = replica")  # or kept rows would stay
        await eventually(partial(_emptied, connection, names), deadline=QUIET_SECONDS)
    finally:
        await connection.close()


async def _emptied(connection: asyncpg.Connection, names: str) -> bool:
    """Empty all the tables at once; False when a worker that seals or sends held a lock."""
    try:
        await connection.execute(f"TRUNCATE {names}")
    except asyncpg.DeadlockDetectedError:
        return False
    return True


@pytest.fixture
def running_stack() -> RunningStack:
    """Provide the stack that `STACK` names."""
    return RunningStack.at(Path(FOLDER or ""))


@pytest.fixture
async def player(running_stack: RunningStack) -> AsyncIterator[Player]:
    """Provide a player on the emptied stack whose province has been set up."""
    stack = running_stack
    await stack.begin_afresh()
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        player = Player(client, load_demo(), story="test", report=lambda _: None)
        await stages.set_up_province(player)
        yield player
