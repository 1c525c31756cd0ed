"""The example of another system's subscriber, killed again and again while events flow: nothing lost, nothing twice."""

import asyncio
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from common.messaging.bus import Outgoing
from common.messaging.kafka.client import KafkaBus
from support.casts.administration import Administrator
from support.casts.lives import interleaved, life
from support.messaging.kafka import TIMEOUTS, KafkaServer
from support.service.waiting import eventually

EXAMPLE = Path(__file__).parents[2] / "examples" / "subscriber" / "subscriber.py"
TOPIC = "mingpai.registry.public.v1"
KILLS = 20
SEED = 20151008
BRANDS_A_WAVE = 60
RELAYED = 50
"""Rows that are published at once, as a relay does."""
STEP_SECONDS = 40
END_SECONDS = 15

pytestmark = pytest.mark.timeout(400)


class Subscriber:
    """The example as a process of its own, on a database that outlives it."""

    def __init__(self, folder: Path, access: str) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "access.json").write_text(access, "utf-8")

    def start(self) -> None:
        with (self._folder / "said.log").open("ab") as said:
            self._process = subprocess.Popen(  # noqa: S603 -- our own example
                [sys.executable, str(EXAMPLE), "--access", "access.json", "--database", "brands.db"],
                cwd=self._folder, stdout=said, stderr=said,
            )  # fmt: skip

    def end(self, by: signal.Signals) -> int:
        """End it, if it runs; returns its status."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(by)
        try:
            return self._process.wait(END_SECONDS)
        finally:
            self._process.kill()
            self._process.wait(END_SECONDS)

    async def reaches(self, is_so: Callable[[], bool]) -> None:
        """Wait until its database shows it; fails with its output when it ends before. Raises TimeoutError."""

        async def looked() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, self.said
            return is_so()

        await eventually(looked, deadline=STEP_SECONDS)

    @property
    def said(self) -> str:
        return (self._folder / "said.log").read_text("utf-8", "replace")

    def ask(self, question: str) -> list[Any]:
        """Return the rows that its database answers with."""
        with closing(sqlite3.connect(self._folder / "brands.db", timeout=STEP_SECONDS)) as database:
            return database.execute(question).fetchall()

    def taken(self) -> int:
        """Return how many events it has had; 0 before it has made its tables."""
        if not self.ask("SELECT 1 FROM sqlite_master WHERE name = 'seen'"):
            return 0
        ((count,),) = self.ask("SELECT count(*) FROM seen")
        return int(count)

    def positions(self) -> dict[tuple[str, int], int]:
        """Return the offset after what it has had, by topic and partition."""
        return {(topic, partition): offset for topic, partition, offset in self.ask("SELECT * FROM positions")}


@pytest.fixture
def subscriber(administrator: Administrator, tmp_path: Path) -> Iterator[Subscriber]:
    name = f"bureau-{secrets.token_hex(3)}"
    added = administrator.run("subscriber", "add", name, "--topics", TOPIC, "--format", "json")
    assert added.exit_code == 0, added.output
    one = Subscriber(tmp_path, added.output)
    yield one
    one.end(signal.SIGKILL)


def relayed(rows: Sequence[Outgoing], drawn: random.Random) -> Iterator[list[Outgoing]]:
    """Yield the rows in batches, every third of which begins with rows of the one before, sent again."""
    before: Sequence[Outgoing] = []
    for start in range(0, len(rows), RELAYED):
        batch = rows[start : start + RELAYED]
        again = before[drawn.randrange(len(before)) :] if before and drawn.random() < 1 / 3 else []
        yield [*again, *batch]
        before = batch


async def test_twenty_kills_lose_nothing_and_double_nothing(subscriber: Subscriber, kafka: KafkaServer) -> None:
    drawn = random.Random(SEED)  # noqa: S311 -- to be drawn the same again
    bus = KafkaBus(kafka.access("registry"), timeouts=TIMEOUTS)
    published: list[Outgoing] = []
    lives = []
    sent = Counter[str]()

    async def publish(rows: Sequence[Outgoing]) -> None:
        for batch in relayed(rows, drawn):
            assert set(await bus.publish(batch)) == {None}
            sent.update(row.id for row in batch)

    run = secrets.token_hex(3)
    for kill in range(KILLS):
        wave = [
            life(f"FP2015-{run}-{kill}-{number}", changes=drawn.randrange(10), revoked=drawn.random() < 0.5)
            for number in range(BRANDS_A_WAVE)
        ]
        rows = interleaved(wave, drawn)
        target = subscriber.taken() + drawn.randrange(1, len(rows))
        subscriber.start()
        publishing = asyncio.create_task(publish(rows))
        await subscriber.reaches(lambda: subscriber.taken() >= target)  # noqa: B023 -- awaited in this round
        assert subscriber.end(signal.SIGKILL) == -signal.SIGKILL
        await publishing
        lives += wave
        published += rows
    subscriber.start()
    heads = {(one.topic, one.number): head for one, head in (await bus.heads([TOPIC])).items() if head}
    await bus.close()
    await subscriber.reaches(lambda: subscriber.positions() == heads)
    assert subscriber.end(signal.SIGTERM) == 0, subscriber.said

    assert max(sent.values()) > 1
    assert {row.id for row in published} <= {seen for (seen,) in subscriber.ask("SELECT id FROM seen")}
    found = subscriber.ask("SELECT number, status, changes FROM brands")
    assert sorted(one for one in found if run in one[0]) == sorted(
        (one.number, one.state, len(one.rows)) for one in lives
    )
