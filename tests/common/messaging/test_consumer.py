"""The consumer: an effect happens once and in order per key, whatever fails; a failure blocks its key only."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel import failpoints
from common.kernel.errors import Permanent
from common.messaging.bus import Record
from common.messaging.testing import drain
from support.messaging.failing import FailingHandler, publish, sample
from support.messaging.small import Bench


async def test_events_have_their_effect_in_order(bench: Bench) -> None:
    await publish(bench, "a-1", "b-1", "a-2")
    consumer = await bench.consumer(bench.effect)
    assert await drain([bench.relay()], [consumer]) == 3
    assert await bench.done() == ["a-1", "b-1", "a-2"]
    await consumer.leave()


async def test_an_effect_happens_once_after_two_deliveries(bench: Bench) -> None:
    await publish(bench, "a-1", "a-2")
    for _ in range(2):
        consumer = await bench.consumer(bench.effect)
        await consumer.drain()
        await consumer.leave()
        await bench.forget_offsets()
    assert await bench.done() == ["a-1", "a-2"]


async def test_a_consumer_that_rejoins_resumes_where_it_stopped(bench: Bench) -> None:
    handler = FailingHandler(bench)
    await publish(bench, "a-1")
    first = await bench.consumer(handler)
    await first.drain()
    await first.leave()
    await publish(bench, "a-2")
    second = await bench.consumer(handler)
    await second.drain()
    await second.leave()
    assert handler.calls == ["a-1", "a-2"]


class Killed(BaseException):
    """Simulates SIGKILL: nothing after it runs."""


def kill() -> None:
    raise Killed


@pytest.mark.parametrize(("point", "done"), [("before-effect-commit", []), ("after-effect-commit", ["a-1", "a-2"])])
async def test_a_consumer_killed_at_any_point_loses_nothing_and_doubles_nothing(
    bench: Bench, point: str, done: list[str]
) -> None:
    await publish(bench, "a-1", "a-2")
    failpoints.arm("bench", f"bench.{point}", kill=kill)
    first = await bench.consumer(bench.effect)
    with pytest.raises(Killed):
        await first.drain()
    failpoints.arm("bench", None)
    await first.leave()
    assert await bench.done() == done
    second = await bench.consumer(bench.effect)
    await second.drain()
    await second.leave()
    assert await bench.done() == ["a-1", "a-2"]


async def test_a_record_that_cannot_be_decoded_is_set_aside_and_one_of_no_interest_skipped(bench: Bench) -> None:
    def decode(record: Record) -> object | None:
        if record.id == "bad-1":
            raise Permanent("malformed-payload")
        return None if record.key == "dull" else record

    skipped = sample("consumer_skipped_total")
    await publish(bench, "bad-1", "dull-1", "bad-2", "a-1")
    consumer = await bench.consumer(bench.effect, decode=decode)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1"]
    assert await bench.dead() == [("bad-1", "malformed-payload", 1)]
    assert await bench.parked() == ["bad-1", "bad-2"]
    assert sample("consumer_skipped_total") == skipped + 1


async def test_a_log_that_ends_before_the_stored_offset_is_read_from_its_start(bench: Bench) -> None:
    await publish(bench, "a-1")
    consumer = await bench.consumer(bench.effect)
    await consumer.drain()
    await consumer.leave()
    async with bench.database.write() as connection:
        await connection.execute(update(bench.records.offsets).values(next_offset=100))
        await connection.commit()
    await publish(bench, "a-2")
    again = await bench.consumer(bench.effect)
    await again.drain()
    await again.leave()
    assert await bench.done() == ["a-1", "a-2"]


async def test_a_reader_that_lost_its_partition_unknowingly_doubles_nothing(bench: Bench) -> None:
    await publish(bench, *(f"a-{number}" for number in range(20)))
    first = await bench.consumer(bench.effect)
    second = bench.runner(bench.effect, bus=bench.second_bus())
    await second.join()
    await asyncio.gather(first.drain(), second.drain())
    await first.leave()
    await second.leave()
    assert await bench.done() == [f"a-{number}" for number in range(20)]


async def test_a_follower_gets_records_as_they_are_many_at_once(bench: Bench) -> None:
    batches: list[list[tuple[Record, object]]] = []

    def decode(record: Record) -> bytes:
        if record.key == "garbled":
            raise Permanent("unreadable")
        return record.payload

    async def follow(connection: AsyncConnection, records: list[tuple[Record, object]]) -> None:
        batches.append(list(records))
        if any(record.key == "bad" for record, _ in records):
            raise Permanent("unfit")
        for record, content in records:
            await bench.effect(connection, record, content)

    await publish(bench, "a-1", "garbled-1", "bad-1", "garbled-2", "a-2", "a-3")
    consumer = await bench.consumer(None, decode=decode, follow=follow)
    await consumer.drain()
    await consumer.leave()
    assert [record.id for record, _ in batches[0]] == ["a-1", "bad-1", "a-2", "a-3"]
    assert batches[0][0][1] == b"{}"
    assert await bench.done() == ["a-1", "a-2", "a-3"]
    assert sorted(await bench.dead()) == [("bad-1", "unfit", 1), ("garbled-1", "unreadable", 1)]
    assert sorted(await bench.parked()) == ["bad-1", "garbled-1", "garbled-2"]


async def test_running_takes_events_as_they_come_until_it_is_cancelled(bench: Bench) -> None:
    three = asyncio.Event()

    async def handle(connection: AsyncConnection, record: Record, event: object) -> None:
        await bench.effect(connection, record, event)
        if record.id == "a-3":
            three.set()

    for ids in (["a-1"], ["a-2", "a-3"]):
        runner = asyncio.create_task(bench.runner(handle).run())
        await publish(bench, *ids)
        if "a-3" in ids:
            await asyncio.wait_for(three.wait(), 20)
        runner.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(runner, 20)
    last = await bench.consumer(handle)
    await last.drain()
    await last.leave()
    assert await bench.done() == ["a-1", "a-2", "a-3"]


async def test_lag_and_age_are_reported(bench: Bench) -> None:
    await publish(bench, "a-1", "a-2", "a-3")
    consumer = await bench.consumer(bench.effect)
    await consumer.report_lag()
    assert sample("consumer_lag_records", topic="orders") == 3
    await consumer.drain()
    await consumer.report_lag()
    assert sample("consumer_lag_records", topic="orders") == 0
    assert sample("consumer_age_seconds") == 0
    await consumer.leave()


async def test_an_effect_and_the_events_that_it_publishes_are_one_commit(bench: Bench) -> None:
    async def handle(connection: AsyncConnection, record: Record, event: object) -> None:
        await bench.effect(connection, record, event)
        await connection.execute(insert(bench.records.outbox).values(bench.row(f"caused-by-{record.id}", "other")))

    await bench.enqueue("a-1")
    consumer = await bench.consumer(handle)
    assert await drain([bench.relay()], [consumer]) == 3
    await consumer.leave()
    assert await bench.published("other") == ["caused-by-a-1"]


async def test_services_that_react_to_each_other_for_ever_are_detected(bench: Bench) -> None:
    async def echo(connection: AsyncConnection, record: Record, event: object) -> None:
        assert event
        key, _, number = record.id.rpartition("-")
        await connection.execute(insert(bench.records.outbox).values(bench.row(f"{key}-{int(number) + 1}")))

    await bench.enqueue("a-1")
    consumer = await bench.consumer(echo)
    with pytest.raises(RuntimeError, match="not quiet"):
        await drain([bench.relay()], [consumer], rounds=20)
    await consumer.leave()
