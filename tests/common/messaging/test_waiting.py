"""Waiting: a key whose event needs something that has not arrived is parked, spends no budget, and resumes in order."""

import asyncio
from contextlib import suppress
from functools import partial

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.errors import Permanent
from common.messaging.bus import Record
from common.messaging.consumer import runner as runner_module
from common.messaging.consumer.parking import Waiting
from common.storage.awaiting import release
from support.messaging.small import Bench
from support.service.waiting import eventually


class Needing:
    """A handler for which `a` and `b` wait for the thing that an event `store-…` stores."""

    def __init__(self, bench: Bench, awaited: str = "round-1") -> None:
        self.bench = bench
        self.awaited = awaited
        self.calls: list[str] = []

    async def __call__(self, connection: AsyncConnection, record: Record, event: object) -> Waiting | None:
        self.calls.append(record.id)
        if record.key == "store":
            await self.bench.effect(connection, record, event)
            await release(connection, self.bench.records, self.awaited)
            return None
        subjects = self.bench.effects
        stored = await connection.execute(select(subjects.c.seq).where(subjects.c.key == "store"))
        if record.key in {"a", "b"} and stored.first() is None:
            return Waiting(self.awaited)
        await self.bench.effect(connection, record, event)
        return None


async def has_done(bench: Bench, *ids: str) -> bool:
    return await bench.done() == list(ids)


async def publish(bench: Bench, *ids: str) -> None:
    await bench.enqueue(*ids)
    await bench.relay().once()


async def test_a_waiting_key_parks_and_is_replayed_in_order_once_the_thing_is_stored(bench: Bench) -> None:
    needing = Needing(bench)
    await publish(bench, "a-1", "a-2", "c-1", "b-1")
    consumer = await bench.consumer(needing)
    await consumer.drain()
    assert await bench.done() == ["c-1"]
    assert await bench.parked() == ["a-1", "b-1", "a-2"]  # the order of one key is what counts
    await publish(bench, "a-3", "store-1")
    await consumer.drain()
    await publish(bench, "a-4")
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["c-1", "store-1", "a-1", "a-2", "a-3", "b-1", "a-4"]
    assert (await bench.parked(), await bench.dead(), bench.sleeps.taken) == ([], [], [])


async def test_a_release_in_the_same_batch_behind_the_wait_is_not_missed(bench: Bench) -> None:
    await publish(bench, "a-1", "store-1", "a-2")
    consumer = await bench.consumer(Needing(bench))
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["store-1", "a-1", "a-2"]


async def test_a_running_consumer_replays_at_once_what_a_batch_released(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner_module, "REPLAY_EVERY_SECONDS", 600.0)  # its periodic replay would come too late
    parked = asyncio.Event()
    needing = Needing(bench)

    async def handle(connection: AsyncConnection, record: Record, event: object) -> Waiting | None:
        waiting = await needing(connection, record, event)
        if waiting is not None:
            parked.set()
        return waiting

    runner = asyncio.create_task(bench.runner(handle).run())
    await publish(bench, "a-1")
    await asyncio.wait_for(parked.wait(), 20)
    await publish(bench, "store-1")
    await eventually(partial(has_done, bench, "store-1", "a-1"))
    runner.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(runner, 20)


async def test_a_release_by_a_command_resumes_the_key(bench: Bench) -> None:
    await publish(bench, "a-1")
    consumer = await bench.consumer(Needing(bench))
    await consumer.drain()
    async with bench.database.write() as connection:
        await connection.execute(insert(bench.effects).values(event_id="command", key="store"))
        await release(connection, bench.records, "round-1")
        await connection.commit()
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["command", "a-1"]


async def test_a_release_that_is_rolled_back_releases_nothing(bench: Bench) -> None:
    await publish(bench, "a-1")
    consumer = await bench.consumer(Needing(bench))
    await consumer.drain()
    async with bench.database.write() as connection:
        await release(connection, bench.records, "round-1")
    assert await consumer.drain() == 0
    await consumer.leave()
    assert await bench.parked() == ["a-1"]


async def test_a_release_of_another_thing_leaves_the_key_waiting(bench: Bench) -> None:
    await publish(bench, "a-1")
    consumer = await bench.consumer(Needing(bench))
    await consumer.drain()
    async with bench.database.write() as connection:
        await release(connection, bench.records, "round-2")
        await connection.commit()
    assert await consumer.drain() == 0
    await consumer.leave()


async def test_a_key_that_is_released_too_early_waits_again(bench: Bench) -> None:
    needing = Needing(bench)
    await publish(bench, "a-1", "a-2")
    consumer = await bench.consumer(needing)
    await consumer.drain()
    async with bench.database.write() as connection:
        await release(connection, bench.records, "round-1")
        await connection.commit()
    await consumer.drain()
    assert (await bench.done(), await bench.parked()) == ([], ["a-1", "a-2"])
    await publish(bench, "store-1")
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["store-1", "a-1", "a-2"]


async def test_waiting_spends_no_budget_however_often_it_is_released(bench: Bench) -> None:
    await publish(bench, "a-1")
    consumer = await bench.consumer(Needing(bench))
    for _ in range(10):
        await consumer.drain()
        async with bench.database.write() as connection:
            await release(connection, bench.records, "round-1")
            await connection.commit()
    await consumer.drain()
    await consumer.leave()
    assert (await bench.dead(), await bench.parked()) == ([], ["a-1"])


async def test_a_redelivered_waiting_event_is_not_parked_twice(bench: Bench) -> None:
    await publish(bench, "a-1")
    for _ in range(2):
        consumer = await bench.consumer(Needing(bench))
        await consumer.drain()
        await consumer.leave()
        await bench.forget_offsets()
    assert await bench.parked() == ["a-1"]


async def test_an_event_that_fails_after_its_wait_is_set_aside_and_its_key_is_blocked(bench: Bench) -> None:
    needing = Needing(bench)

    async def handle(connection: AsyncConnection, record: Record, event: object) -> Waiting | None:
        waiting = await needing(connection, record, event)
        if waiting is None and record.id == "a-1":
            raise Permanent("round-is-closed")
        return waiting

    await publish(bench, "a-1", "a-2", "b-1", "store-1")
    consumer = await bench.consumer(handle)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["store-1", "b-1"]
    assert (await bench.dead(), await bench.parked()) == ([("a-1", "round-is-closed", 1)], ["a-1", "a-2"])


async def test_a_release_committed_between_the_check_and_the_parking_is_not_missed(postgres_bench: Bench) -> None:
    bench = postgres_bench
    needing = Needing(bench)

    async def handle(connection: AsyncConnection, record: Record, event: object) -> Waiting | None:
        answer = await needing(connection, record, event)
        if answer is not None and len(needing.calls) == 1:
            async with bench.database.write() as other:
                await other.execute(insert(bench.effects).values(event_id="command", key="store"))
                await release(other, bench.records, "round-1")
                await other.commit()
        return answer

    await publish(bench, "a-1")
    consumer = await bench.consumer(handle)
    await consumer.drain()
    await consumer.leave()
    assert (needing.calls, await bench.done()) == (["a-1", "a-1"], ["command", "a-1"])


async def test_a_replay_that_ends_while_a_later_event_is_being_parked_does_not_leave_it_behind(
    postgres_bench: Bench,
) -> None:
    bench = postgres_bench
    needing = Needing(bench)
    replays: list[asyncio.Task[int]] = []

    async def handle(connection: AsyncConnection, record: Record, event: object) -> Waiting | None:
        if record.key == "z":
            replays.append(asyncio.create_task(elsewhere.replay()))
            await asyncio.wait(replays, timeout=0.5)  # it must not succeed; if it could, it would by then
        return await needing(connection, record, event)

    elsewhere = bench.runner(handle, bus=bench.second_bus())
    await publish(bench, "a-1")
    consumer = await bench.consumer(handle)
    await consumer.drain()
    async with bench.database.write() as connection:
        await connection.execute(insert(bench.effects).values(event_id="command", key="store"))
        await release(connection, bench.records, "round-1")
        await connection.commit()
    await publish(bench, "a-2", "z-1")
    await consumer.drain()
    await asyncio.gather(*replays)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["command", "z-1", "a-1", "a-2"]
    assert await bench.parked() == []


@pytest.mark.parametrize("why", ["waiting", "dead", "retrying"])
async def test_blocked_keys_are_counted_by_reason(bench: Bench, why: str) -> None:
    async def handle(connection: AsyncConnection, record: Record, event: object) -> Waiting:
        assert connection
        assert event
        if why == "dead":
            raise Permanent("bug")
        if why == "retrying":
            raise RuntimeError("bug")
        return Waiting(record.key)

    await publish(bench, "a-1", "a-2", "b-1")
    consumer = await bench.consumer(handle)
    await consumer.drain()
    await consumer.report_lag()
    await consumer.leave()
    labels = {"service": "bench", "consumer": "takers"}
    keys = {
        reason: REGISTRY.get_sample_value("mingpai_consumer_parked_keys", labels | {"why": reason})
        for reason in ("waiting", "dead", "retrying", "ready")
    }
    assert keys == {"waiting": 0, "dead": 0, "retrying": 0, "ready": 0} | {why: 2}
