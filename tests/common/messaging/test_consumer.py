"""The consumer: an effect happens once and in order per key, whatever fails; trouble stays with its key."""

import asyncio
from contextlib import suppress

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common import failpoints
from common.errors import Permanent, Transient
from common.messaging.bus import Record
from common.messaging.dead_letters import redrive
from common.messaging.testing import drain
from common.storage.engine import Unavailable
from support.messaging import Bench


class Trouble:
    """A handler that does the effect, but fails for the ids it is told to, as often as told."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.fails: dict[str, list[Exception]] = {}
        self.always: dict[str, Exception] = {}
        self.calls: list[str] = []

    async def __call__(self, connection: AsyncConnection, record: Record, event: object) -> None:
        self.calls.append(record.id)
        await self.bench.effect(connection, record, event)
        if record.id in self.always:
            raise self.always[record.id]
        if self.fails.get(record.id):
            raise self.fails[record.id].pop(0)


def sample(name: str, **labels: str) -> float:
    found = REGISTRY.get_sample_value(f"mingpai_{name}", {"service": "bench", "consumer": "takers"} | labels)
    return found or 0.0


async def publish(bench: Bench, *ids: str) -> None:
    await bench.tell(*ids)
    await bench.relay().once()


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


async def test_a_consumer_that_comes_back_goes_on_where_it_was(bench: Bench) -> None:
    trouble = Trouble(bench)
    await publish(bench, "a-1")
    first = await bench.consumer(trouble)
    await first.drain()
    await first.leave()
    await publish(bench, "a-2")
    second = await bench.consumer(trouble)
    await second.drain()
    await second.leave()
    assert trouble.calls == ["a-1", "a-2"]


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


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


async def test_a_failing_event_is_tried_again_alone_and_in_its_place(bench: Bench) -> None:
    trouble = Trouble(bench)
    trouble.fails = {"a-2": [Transient("busy"), KeyError("bug")]}
    await publish(bench, "a-1", "a-2", "a-3", "b-1")
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "a-2", "a-3", "b-1"]
    assert trouble.calls == ["a-1", "a-2", "a-1", "a-2", "a-2", "a-3", "b-1"]
    assert (bench.sleeps.taken, await bench.dead()) == ([0.1], [])


async def test_a_final_failure_parks_its_key_and_the_others_go_on(bench: Bench) -> None:
    trouble = Trouble(bench)
    trouble.always = {"a-2": Permanent("no-such-round")}
    await publish(bench, "a-1", "a-2", "b-1", "a-3", "b-2")
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    await publish(bench, "a-4", "b-3")
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "b-1", "b-2", "b-3"]
    assert await bench.dead() == [("a-2", "no-such-round", 1)]
    assert await bench.parked() == ["a-2", "a-3", "a-4"]
    assert bench.sleeps.taken == []


async def test_a_spent_budget_sets_the_event_aside(bench: Bench) -> None:
    trouble = Trouble(bench)
    trouble.always = {"a-1": RuntimeError("bug in a reaction")}
    await publish(bench, "a-1", "b-1")
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    await consumer.leave()
    assert trouble.calls == ["a-1", "a-1", "a-1", "b-1"]
    assert bench.sleeps.taken == pytest.approx([0.1, 0.3])
    async with bench.database.read() as connection:
        letter = (await connection.execute(select(bench.records.dead_letters))).one()
    assert (letter.event_id, letter.key, letter.offset, letter.payload) == ("a-1", "a", 0, b"{}")
    assert (letter.reason_code, letter.reason) == ("RuntimeError", "RuntimeError: bug in a reaction")
    assert (letter.attempts, letter.at, letter.redriven_at) == (3, bench.clock.now(), None)


async def test_a_record_that_cannot_be_decoded_is_set_aside_and_one_of_no_interest_skipped(bench: Bench) -> None:
    def decode(record: Record) -> object | None:
        if record.key == "bad":
            raise Permanent("malformed-payload")
        return None if record.key == "dull" else record

    skipped = sample("consumer_skipped_total")
    await publish(bench, "bad-1", "dull-1", "a-1")
    consumer = await bench.consumer(bench.effect, decode=decode)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1"]
    assert await bench.dead() == [("bad-1", "malformed-payload", 1)]
    assert sample("consumer_skipped_total") == skipped + 1


async def test_a_redrive_replays_the_key_in_order_and_frees_it(bench: Bench) -> None:
    trouble = Trouble(bench)
    trouble.always = {"a-1": Permanent("bug")}
    await publish(bench, "a-1", "a-2", "a-3")
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    trouble.always = {}
    assert await redrive(bench.database, bench.records, consumer="takers", key="a", at=bench.clock.now()) == 1
    await publish(bench, "a-4")
    await consumer.drain()
    await publish(bench, "a-5")
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "a-2", "a-3", "a-4", "a-5"]
    assert await bench.parked() == []
    async with bench.database.read() as connection:
        redriven_at = (await connection.execute(select(bench.records.dead_letters.c.redriven_at))).scalar_one()
    assert redriven_at == bench.clock.now()


async def test_a_redrive_that_fails_again_sets_the_event_aside_again(bench: Bench) -> None:
    trouble = Trouble(bench)
    trouble.always = {"a-1": Permanent("bug")}
    await publish(bench, "a-1", "a-2")
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    trouble.always = {"a-1": Permanent("another-bug")}
    await redrive(bench.database, bench.records, consumer="takers", key="a", at=bench.clock.now())
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == []
    assert await bench.parked() == ["a-1", "a-2"]
    assert await bench.dead() == [("a-1", "bug", 1), ("a-1", "another-bug", 1)]
    assert await redrive(bench.database, bench.records, consumer="takers", key="a", at=bench.clock.now()) == 1


async def test_a_failure_behind_the_first_event_of_a_replay_keeps_what_went_before(bench: Bench) -> None:
    trouble = Trouble(bench)
    trouble.always = {"a-1": Permanent("bug"), "a-3": Permanent("bug")}
    await publish(bench, "a-1", "a-2", "a-3", "a-4")
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    del trouble.always["a-1"]
    await redrive(bench.database, bench.records, consumer="takers", key="a", at=bench.clock.now())
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "a-2"]
    assert await bench.parked() == ["a-3", "a-4"]


async def test_a_redrive_of_a_key_that_is_not_dead_does_nothing(bench: Bench) -> None:
    assert await redrive(bench.database, bench.records, consumer="takers", key="a", at=bench.clock.now()) == 0


async def test_a_database_that_is_down_spends_no_budget(bench: Bench) -> None:
    trouble = Trouble(bench)
    trouble.fails = {"a-1": [Unavailable("gone") for _ in range(10)]}
    await publish(bench, "a-1", "a-2")
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "a-2"]
    assert (len(bench.sleeps.taken), await bench.dead()) == (10, [])


async def test_a_connection_that_breaks_in_a_reaction_spends_no_budget(postgres_bench: Bench) -> None:
    bench = postgres_bench
    broken: list[str] = []

    async def handle(connection: AsyncConnection, record: Record, event: object) -> None:
        await bench.effect(connection, record, event)
        if len(broken) < 5:
            broken.append(record.id)
            pid = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
            async with bench.database.write() as other:
                await other.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
            await bench.effect(connection, record, event)

    await publish(bench, "a-1")
    consumer = await bench.consumer(handle)
    await consumer.drain()
    await consumer.leave()
    assert (await bench.done(), await bench.dead(), len(broken)) == (["a-1"], [], 5)


async def test_when_most_events_fail_the_consumer_holds_and_goes_on_once_a_probe_succeeds(bench: Bench) -> None:
    repaired = False

    async def handle(connection: AsyncConnection, record: Record, event: object) -> None:
        if not repaired:
            raise Permanent("bug")
        await bench.effect(connection, record, event)

    paused: list[float] = []

    async def repair_later(seconds: float) -> None:
        nonlocal repaired
        assert seconds == bench.pace.probe
        paused.append(sample("consumer_paused"))
        repaired = len(paused) == 3

    ids = [f"k{number}-1" for number in range(40)]
    await publish(bench, *ids)
    consumer = await bench.consumer(handle, pace={"sleep": repair_later})
    await consumer.drain()
    await consumer.leave()
    assert [event_id for event_id, _, _ in await bench.dead()] == ids[:9]
    assert await bench.done() == ids[9:]
    assert paused == [1.0, 1.0, 1.0]
    assert sample("consumer_paused") == 0


async def test_a_few_bad_keys_among_many_do_not_stop_the_consumer(bench: Bench) -> None:
    trouble = Trouble(bench)
    ids = [f"k{number}-1" for number in range(60)]
    trouble.always = {event_id: Permanent("bug") for event_id in ids[::3]}
    await publish(bench, *ids)
    consumer = await bench.consumer(trouble)
    await consumer.drain()
    await consumer.leave()
    assert [event_id for event_id, _, _ in await bench.dead()] == ids[::3]
    assert bench.sleeps.taken == []


async def test_a_log_shorter_than_what_was_taken_is_read_from_its_start(bench: Bench) -> None:
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
    batches: list[list[Record]] = []

    async def follow(connection: AsyncConnection, records: list[Record]) -> None:
        batches.append(list(records))
        if any(record.key == "bad" for record in records):
            raise Permanent("unreadable")
        for record in records:
            await bench.effect(connection, record, record.payload)

    await publish(bench, "a-1", "bad-1", "a-2", "a-3")
    consumer = await bench.consumer(None, follow=follow)
    await consumer.drain()
    await consumer.leave()
    assert [record.id for record in batches[0]] == ["a-1", "bad-1", "a-2", "a-3"]
    assert batches[0][0].payload == b"{}"
    assert await bench.done() == ["a-1", "a-2", "a-3"]
    assert await bench.dead() == [("bad-1", "unreadable", 1)]


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


async def test_lag_and_age_are_measured(bench: Bench) -> None:
    await publish(bench, "a-1", "a-2", "a-3")
    consumer = await bench.consumer(bench.effect)
    await consumer.observe()
    assert sample("consumer_lag_records", topic="orders") == 3
    await consumer.drain()
    await consumer.observe()
    assert sample("consumer_lag_records", topic="orders") == 0
    assert sample("consumer_age_seconds") == 0
    await consumer.leave()


async def test_an_effect_and_what_it_tells_are_one_commit(bench: Bench) -> None:
    async def handle(connection: AsyncConnection, record: Record, event: object) -> None:
        await bench.effect(connection, record, event)
        await connection.execute(insert(bench.records.outbox).values(bench.row(f"told-by-{record.id}", "other")))

    await bench.tell("a-1")
    consumer = await bench.consumer(handle)
    assert await drain([bench.relay()], [consumer]) == 3
    await consumer.leave()
    assert await bench.published("other") == ["told-by-a-1"]


async def test_services_that_answer_each_other_for_ever_are_found_out(bench: Bench) -> None:
    async def echo(connection: AsyncConnection, record: Record, event: object) -> None:
        assert event
        key, _, number = record.id.rpartition("-")
        await connection.execute(insert(bench.records.outbox).values(bench.row(f"{key}-{int(number) + 1}")))

    await bench.tell("a-1")
    consumer = await bench.consumer(echo)
    with pytest.raises(RuntimeError, match="not quiet"):
        await drain([bench.relay()], [consumer], rounds=20)
    await consumer.leave()
