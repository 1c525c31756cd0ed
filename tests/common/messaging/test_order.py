"""Whatever fails, waits, is killed or decided: the events of a key have their effects once each and in their order."""

import asyncio
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from hypothesis import example, given, settings, strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel import failpoints
from common.kernel.errors import Permanent
from common.messaging.bus import Record
from common.messaging.consumer.blocked import redrive, release, skip
from common.messaging.consumer.parking import Waiting
from common.messaging.consumer.runner import Consumer
from common.storage.awaiting import release as release_awaited
from common.storage.database.engine import open_database
from support.messaging.small import Bench

KEYS: Final = ("a", "b")
TROUBLES: Final = ("permanent", "unknown", "waiting")
POINTS: Final = ("before-effect-commit", "after-effect-commit")
LONG: Final = 60.0
Step: TypeAlias = tuple[str, str]

STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.sampled_from(KEYS)),
        st.tuples(st.just("publish"), st.sampled_from(KEYS)),
        st.tuples(st.sampled_from(TROUBLES), st.sampled_from([f"{key}{later}" for key in KEYS for later in range(3)])),
        st.tuples(st.just("mend"), st.sampled_from(KEYS)),
        st.tuples(st.just("consume"), st.sampled_from(("soon", "much later"))),
        st.tuples(st.just("consume"), st.just("soon")),
        st.tuples(st.just("killed"), st.sampled_from(POINTS)),
        st.tuples(st.sampled_from(("redrive", "release", "skip")), st.sampled_from(KEYS)),
    ),
    min_size=10,
    max_size=40,
)
PUBLISH: Final = ("publish", "a")
SOON: Final = ("consume", "soon")


class Killed(BaseException):
    """Simulates SIGKILL: nothing after it runs."""


def kill() -> None:
    raise Killed


class World:
    """A consumer whose keys are in trouble as the steps say, and what must be true of its effects."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.trouble: dict[str, tuple[str, int]] = {}
        self.published: defaultdict[str, list[str]] = defaultdict(list)
        self.skipped: set[str] = set()
        self.consumer: Consumer | None = None

    async def handle(self, connection: AsyncConnection, record: Record, event: object) -> Waiting | None:
        trouble, first = self.trouble.get(record.key, (None, 0))
        match trouble if int(record.id.rpartition("-")[2]) % 3 >= first else None:
            case "waiting":
                return Waiting(f"help for {record.key}")
            case "permanent":
                raise Permanent("bug")
            case "unknown":
                raise RuntimeError("bug")
        await self.bench.effect(connection, record, event)
        return None

    async def take(self, step: Step) -> None:
        name, given = step
        if name in TROUBLES:
            self.trouble[given[0]] = (name, int(given[1]))  # of three events in a row, from this one on
        else:
            await getattr(self, name)(given)

    async def publish(self, key: str) -> None:
        event_id = f"{key}-{len(self.published[key])}"
        self.published[key].append(event_id)
        await self.bench.enqueue(event_id)
        await self.bench.relay().once()

    async def mend(self, key: str) -> None:
        self.trouble.pop(key, None)
        async with self.bench.database.write() as connection:
            await release_awaited(connection, self.bench.records, f"help for {key}")
            await connection.commit()

    async def consume(self, when: str) -> None:
        self.bench.later(LONG if when == "much later" else 0.05)
        if self.consumer is None:
            self.consumer = await self.bench.consumer(self.handle)
        await self.consumer.drain()

    async def killed(self, point: str) -> None:
        failpoints.arm("bench", f"bench.{point}", kill=kill)
        with suppress(Killed):
            await self.consume("soon")
        failpoints.arm("bench", None)
        await self.stop()

    async def redrive(self, key: str) -> None:
        await redrive(self.bench.database, self.bench.records, key=key, decision=self.bench.decision())

    async def release(self, key: str) -> None:
        await release(self.bench.database, self.bench.records, key=key, decision=self.bench.decision())

    async def skip(self, key: str) -> None:
        for event_id, _, _ in await self.bench.heads():
            if event_id.startswith(key):
                await skip(self.bench.database, self.bench.records, event_id=event_id, decision=self.bench.decision())
                self.skipped.add(event_id)

    async def stop(self) -> None:
        if self.consumer is not None:
            await self.consumer.leave()
            self.consumer = None

    async def check(self, *, whole: bool) -> None:
        done, parked = await self.bench.done(), await self.bench.parked()
        assert not [event_id for event_id, times in Counter(done).items() if times > 1]
        for key, published in self.published.items():
            expected = [event_id for event_id in published if event_id not in self.skipped]
            found = [event_id for event_id in [*done, *([] if whole else parked)] if event_id.startswith(f"{key}-")]
            assert found == (expected if whole else expected[: len(found)])

    async def recover(self) -> None:
        """Do what an operator does once everything is repaired, and let the time pass."""
        for key in KEYS:
            await self.take(("mend", key))
            await self.take(("redrive", key))
        for _ in range(2):
            await self.take(("consume", "much later"))


async def play(steps: list[Step], folder: Path) -> None:
    database = open_database(f"sqlite:///{folder}/bench.db")
    bench = await Bench.make(database, folder)
    world = World(bench)
    try:
        for step in steps:
            await world.take(step)
            if step[0] in {"consume", "killed"}:
                await world.check(whole=False)
        await world.recover()
        await world.check(whole=True)
        assert await bench.parked() == []
    finally:
        failpoints.arm("bench", None)
        await world.stop()
        await bench.close()
        await database.close()


@settings(max_examples=20)
@given(steps=STEPS)
@example(steps=[("permanent", "a0"), PUBLISH, SOON, ("mend", "a"), PUBLISH, SOON])
@example(steps=[("unknown", "a0"), PUBLISH, SOON, ("mend", "a"), PUBLISH, SOON])
@example(steps=[("permanent", "a0"), *[PUBLISH] * 4, SOON, ("waiting", "a1"), ("redrive", "a"), SOON])
def test_the_order_of_each_key_is_kept_and_no_effect_is_lost_or_doubled(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(play(steps, Path(folder)))
