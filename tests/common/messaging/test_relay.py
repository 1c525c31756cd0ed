"""The relay: everything committed is published once and in order per key, whatever fails; nothing is skipped."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import delete, insert

from common.kernel import failpoints
from common.kernel.values.sizes import LARGEST
from common.messaging.relay.lease import LeaseTiming, LockedSession, leading
from common.messaging.relay.runner import Relay, Sent
from common.storage.database.engine import Database, Unavailable, open_database
from common.storage.database.wakeups import CHANNEL
from support.messaging.small import Bench
from support.service.waiting import eventually

DEADLINE_SECONDS = 30


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(task, DEADLINE_SECONDS)


def by_key(ids: list[str]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for event_id in ids:
        key, _, number = event_id.rpartition("-")
        found[key].append(int(number))
    return found


def failures(code: str) -> float:
    return REGISTRY.get_sample_value("mingpai_outbox_failures_total", {"service": "bench", "code": code}) or 0.0


async def test_rows_are_published_in_order_and_deleted(bench: Bench) -> None:
    await bench.enqueue("a-1", "b-1", "a-2")
    await bench.enqueue("a-3")
    assert await bench.relay().once() == Sent(4, 4)
    assert await bench.published() == ["a-1", "b-1", "a-2", "a-3"]
    assert await bench.outbox() == []


async def test_an_uncommitted_row_is_not_published(bench: Bench) -> None:
    async with bench.database.write() as connection:
        await connection.execute(insert(bench.records.outbox).values(bench.row("a-1")))
    assert await bench.relay().once() == Sent(0, 0)


async def test_concurrent_writers_lose_nothing_and_reorder_nothing_within_a_key(bench: Bench) -> None:
    keys = [f"k{number}" for number in range(6)]
    async with bench.database.write() as connection:
        await connection.execute(insert(bench.subjects), [{"key": key, "version": 0} for key in keys])
        await connection.commit()

    async def writer(start: int) -> None:
        for number in range(30):
            await bench.raise_subject(keys[(start + number) % len(keys)])

    async with running(bench.relay()):
        await asyncio.gather(*(writer(start) for start in range(8)))
        await eventually(lambda: _empty(bench))
    assert by_key(await bench.published("wide")) == {key: list(range(1, 41)) for key in keys}


async def _empty(bench: Bench) -> bool:
    return await bench.outbox() == []


async def test_two_relays_at_once_publish_everything_once_in_order(bench: Bench) -> None:
    async with running(bench.relay(), bench.relay()):
        for number in range(40):
            await bench.enqueue(*(f"{key}-{number}" for key in "abc"))
            bench.database.wake()
        await eventually(lambda: _empty(bench))
    assert by_key(await bench.published()) == {key: list(range(40)) for key in "abc"}


async def test_a_bus_that_is_down_loses_nothing(bench: Bench) -> None:
    await bench.enqueue("a-1", "a-2")
    bench.bus.down = True
    relay = bench.relay()
    assert await relay.once() == Sent(2, 0)
    bench.bus.down = False
    assert await relay.once() == Sent(2, 2)
    assert await bench.published() == ["a-1", "a-2"]


async def test_a_running_relay_backs_off_while_the_bus_is_down_and_then_resumes(bench: Bench) -> None:
    await bench.enqueue("a-1")
    bench.bus.down = True

    async def up_after_four(seconds: float) -> None:
        await bench.sleeps(seconds)
        bench.bus.down = len(bench.sleeps.taken) < 4

    async with running(Relay(bench.storage, bench.bus, replace(bench.retries, sleep=up_after_four))):
        await eventually(lambda: _empty(bench))
    assert bench.sleeps.taken[:4] == pytest.approx([0.1, 0.3, 0.9, 2.7])


async def test_an_unacknowledged_row_blocks_its_key_and_no_other(bench: Bench) -> None:
    await bench.enqueue("a-1", "a-2", "b-1", "a-3", "b-2")
    bench.bus.unwritten = {"a-2"}
    relay = bench.relay()
    assert await relay.once() == Sent(5, 3)
    assert await bench.outbox() == ["a-2", "a-3"]
    bench.bus.unwritten = set()
    bench.clock.move(timedelta(minutes=1))
    assert await relay.once() == Sent(2, 2)
    assert await bench.published() == ["a-1", "b-1", "b-2", "a-2", "a-3"]


async def test_an_acknowledged_row_behind_an_unacknowledged_one_is_kept_and_resent(bench: Bench) -> None:
    await bench.enqueue("a-1", "a-2", "b-1")
    bench.bus.unacknowledged = {"a-1"}
    relay = bench.relay()
    assert await relay.once() == Sent(3, 1)
    assert await bench.outbox() == ["a-1", "a-2"]
    bench.bus.unacknowledged = set()
    bench.clock.move(timedelta(minutes=1))
    assert await relay.once() == Sent(2, 2)
    assert await bench.published() == ["a-1", "a-2", "b-1"]


async def test_a_row_that_cannot_be_published_stays_is_counted_and_does_not_starve_the_others(bench: Bench) -> None:
    before = failures("too-large")
    await bench.enqueue("bad-0", payload=b"x" * (LARGEST + 1))
    await bench.enqueue(*(f"bad-{number}" for number in range(1, 600)))
    await bench.enqueue("good-1")
    relay = bench.relay()
    assert await relay.once() == Sent(500, 0)
    assert await relay.once() == Sent(1, 1)
    for _ in range(3):
        bench.clock.move(timedelta(minutes=1))
        await relay.once()
    assert failures("too-large") - before == 4
    assert (await bench.outbox())[:2] == ["bad-0", "bad-1"]
    assert await bench.published() == ["good-1"]
    await relay.report_backlog()
    assert REGISTRY.get_sample_value("mingpai_outbox_rows", {"service": "bench"}) == 600
    assert REGISTRY.get_sample_value("mingpai_outbox_oldest_seconds", {"service": "bench"}) == 180

    async with bench.database.write() as connection:
        await connection.execute(delete(bench.records.outbox).where(bench.records.outbox.c.id == "bad-0"))
        await connection.commit()
    bench.clock.move(timedelta(minutes=1))
    assert [await relay.once(), await relay.once()] == [Sent(500, 500), Sent(99, 99)]
    assert (await bench.published())[1:] == [f"bad-{number}" for number in range(1, 600)]


class Killed(BaseException):
    """Simulates SIGKILL: nothing after it runs."""


def kill() -> None:
    raise Killed


@pytest.mark.parametrize("point", ["before-publish", "after-publish", "before-delete"])
async def test_a_relay_killed_at_any_point_loses_nothing_and_doubles_nothing(bench: Bench, point: str) -> None:
    await bench.enqueue("a-1", "a-2")
    failpoints.arm("bench", f"bench.{point}", kill=kill)
    with pytest.raises(Killed):
        await bench.relay().once()
    failpoints.arm("bench", None)
    assert await bench.relay().once() == Sent(2, 2)
    assert await bench.published() == ["a-1", "a-2"]


async def test_a_wake_of_another_process_reaches_the_leading_relay(
    postgres_bench: Bench, postgres_owner_url: str
) -> None:
    other = open_database(postgres_owner_url)
    async with leading(postgres_bench.storage, LeaseTiming()):
        other.wake()
        assert await postgres_bench.database.committed.wait(DEADLINE_SECONDS)
    await other.close()


async def test_a_process_whose_own_relay_leads_wakes_it_and_notifies_nobody(
    postgres_bench: Bench, postgres_owner_url: str
) -> None:
    database, other = postgres_bench.database, open_database(postgres_owner_url)
    senders: asyncio.Queue[int] = asyncio.Queue()
    async with database.direct() as listening:
        driver = (await listening.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.add_listener(CHANNEL, lambda _listener, sender, *_: senders.put_nowait(sender))
        async with leading(postgres_bench.storage, LeaseTiming()):
            database.wake()
            assert await database.committed.wait(0)
            senders_seen = set()
            for _ in range(3):  # a notification of our own would come between
                other.wake()
                senders_seen.add(await asyncio.wait_for(senders.get(), DEADLINE_SECONDS))
            assert len(senders_seen) == 1
        database.wake()  # it leads no longer: the next leader may be another process
        assert await asyncio.wait_for(senders.get(), DEADLINE_SECONDS) not in senders_seen
    await other.close()


async def lock_holders(database: Database) -> list[int]:
    async with database.read() as connection:
        asked = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
        return list((await connection.exec_driver_sql(asked)).scalars())


async def test_a_standby_takes_over_when_the_leader_loses_its_session(postgres_bench: Bench) -> None:
    bench = postgres_bench
    async with running(bench.relay(), bench.relay()):
        await eventually(lambda: lock_holders(bench.database))
        (first,) = await lock_holders(bench.database)
        await bench.enqueue("a-1")
        async with bench.database.write() as connection:
            await connection.exec_driver_sql(f"SELECT pg_terminate_backend({first}, 5000)")
        await bench.enqueue("a-2")

        async def another_leads() -> bool:
            return bool(set(await lock_holders(bench.database)) - {first})

        await eventually(another_leads)
        await eventually(lambda: _empty(bench))
    assert await bench.published() == ["a-1", "a-2"]


async def test_a_frozen_leader_loses_its_lock_and_cannot_delete_when_it_resumes(postgres_bench: Bench) -> None:
    bench = postgres_bench
    frozen = asyncio.Event()

    async def never(seconds: float) -> None:
        assert seconds
        await frozen.wait()

    await bench.enqueue("a-1")
    async with leading(bench.storage, LeaseTiming(seconds=1, sleep=never)) as asleep:
        async with running(bench.relay()):
            await eventually(lambda: _empty(bench))
        with pytest.raises(Unavailable):
            await bench.relay().once(asleep)
    assert await bench.published() == ["a-1"]


async def test_a_session_whose_end_a_heartbeat_noticed_is_unavailable_to_the_relay_too(postgres_bench: Bench) -> None:
    bench = postgres_bench
    ended = asyncio.Event()

    async def once_ended(seconds: float) -> None:
        assert seconds
        await ended.wait()

    timing = LeaseTiming(sleep=once_ended)
    async with leading(bench.storage, timing) as session:
        assert isinstance(session, LockedSession)
        (leader,) = await lock_holders(bench.database)
        async with bench.database.write() as connection:
            await connection.exec_driver_sql(f"SELECT pg_terminate_backend({leader}, 5000)")
        ended.set()
        await session.send_heartbeats(timing)

        with pytest.raises(Unavailable):
            await bench.relay().report_backlog(session)
        with pytest.raises(Unavailable):
            await bench.relay().once(session)
