"""A failing event is parked with its next try, or set aside; its key is blocked, and nothing else waits for it."""

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.errors import Permanent, Transient
from common.messaging.bus import Record
from common.messaging.consumer.blocked import blocked_keys, redrive
from common.storage.database.engine import Unavailable
from support.messaging.failing import IDS, FailingHandler, publish
from support.messaging.small import Bench


async def test_a_failing_event_is_parked_with_its_next_try_and_the_partition_goes_on(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.fails = {"a-2": [KeyError("before it is alone"), Transient("busy"), KeyError("bug")]}
    await publish(bench, "a-1", "a-2", "a-3", "b-1")
    consumer = await bench.consumer(handler)
    await consumer.drain()
    assert (await bench.done(), await bench.parked()) == (["a-1", "b-1"], ["a-2", "a-3"])
    (head,) = await blocked_keys(bench.database, bench.records)
    assert (head["why"], head["attempts"], head["last_error"], head["behind"]) == ("retrying", 1, "Transient: busy", 1)
    assert head["next_try_at"] == bench.clock.now() + timedelta(seconds=0.1)
    bench.later(0.09)
    assert await consumer.drain() == 0
    bench.later(0.02)
    await consumer.drain()
    assert await bench.heads() == [("a-2", "retrying", 2)]
    bench.later(0.3)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "b-1", "a-2", "a-3"]
    assert handler.calls == ["a-1", "a-2", "a-1", "a-2", "b-1", "a-2", "a-2", "a-3"]
    assert (bench.sleeps.taken, await bench.dead(), await bench.parked()) == ([], [], [])


async def test_the_attempts_of_an_event_are_counted_across_restarts(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.always = {"a-1": RuntimeError("bug in a reaction")}
    await publish(bench, "a-1")
    for attempts in (1, 2):
        consumer = await bench.consumer(handler)
        await consumer.drain()
        await consumer.leave()
        assert await bench.heads() == [("a-1", "retrying", attempts)]
        bench.later(1)
    consumer = await bench.consumer(handler)
    await consumer.drain()
    await consumer.leave()
    assert await bench.dead() == [("a-1", "RuntimeError", 3)]


async def test_a_final_failure_parks_its_key_and_other_keys_are_processed(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.always = {"a-2": Permanent("no-such-round")}
    await publish(bench, "a-1", "a-2", "b-1", "a-3", "b-2")
    consumer = await bench.consumer(handler)
    await consumer.drain()
    await publish(bench, "a-4", "b-3")
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "b-1", "b-2", "b-3"]
    assert await bench.dead() == [("a-2", "no-such-round", 1)]
    assert await bench.parked() == ["a-2", "a-3", "a-4"]
    assert bench.sleeps.taken == []


async def test_a_spent_budget_sets_the_event_aside(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.always = {"a-1": RuntimeError("bug in a reaction")}
    await publish(bench, "a-1", "b-1")
    consumer = await bench.consumer(handler)
    for _ in range(4):
        await consumer.drain()
        bench.later(1)
    await consumer.leave()
    assert handler.calls == ["a-1", "b-1", "a-1", "a-1"]
    async with bench.database.read() as connection:
        letter = (await connection.execute(select(bench.records.dead_letters))).one()
    assert (letter.event_id, letter.key, letter.offset, letter.payload) == ("a-1", "a", 0, b"{}")
    assert (letter.reason_code, letter.reason) == ("RuntimeError", "RuntimeError: bug in a reaction")
    assert (letter.attempts, letter.redriven_at, letter.skipped_at) == (3, None, None)


async def test_a_redrive_replays_the_key_in_order_and_frees_it(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.always = {"a-1": Permanent("bug")}
    await publish(bench, "a-1", "a-2", "a-3")
    consumer = await bench.consumer(handler)
    await consumer.drain()
    handler.always = {}
    assert await redrive(bench.database, bench.records, key="a", decision=bench.decision()) == 1
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
    handler = FailingHandler(bench)
    handler.always = {"a-1": Permanent("bug")}
    await publish(bench, "a-1", "a-2")
    consumer = await bench.consumer(handler)
    await consumer.drain()
    handler.always = {"a-1": Permanent("another-bug")}
    await redrive(bench.database, bench.records, key="a", decision=bench.decision())
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == []
    assert await bench.parked() == ["a-1", "a-2"]
    assert await bench.dead() == [("a-1", "bug", 1), ("a-1", "another-bug", 1)]
    assert await redrive(bench.database, bench.records, key="a", decision=bench.decision()) == 1


async def test_a_failure_behind_the_first_event_of_a_replay_keeps_the_effects_before_it(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.always = {"a-1": Permanent("bug"), "a-3": Permanent("bug")}
    await publish(bench, "a-1", "a-2", "a-3", "a-4")
    consumer = await bench.consumer(handler)
    await consumer.drain()
    del handler.always["a-1"]
    await redrive(bench.database, bench.records, key="a", decision=bench.decision())
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == ["a-1", "a-2"]
    assert await bench.parked() == ["a-3", "a-4"]


async def test_a_redrive_of_a_key_that_is_not_dead_does_nothing(bench: Bench) -> None:
    assert await redrive(bench.database, bench.records, key="a", decision=bench.decision()) == 0


async def test_a_failure_that_only_the_commit_shows_is_found_and_parked_alone(postgres_bench: Bench) -> None:
    bench = postgres_bench
    async with bench.database.write() as connection:
        await connection.exec_driver_sql(
            "ALTER TABLE subjects ADD CONSTRAINT one UNIQUE (version) DEFERRABLE INITIALLY DEFERRED"
        )
        await connection.commit()

    async def handle(connection: AsyncConnection, record: Record, event: object) -> None:
        await bench.effect(connection, record, event)
        version = 0 if record.id in {"k03-1", "k07-1"} else int(record.key[1:])
        await connection.execute(insert(bench.subjects).values(key=record.key, version=version))

    await publish(bench, *IDS[:10])
    consumer = await bench.consumer(handle)
    await consumer.drain()
    await consumer.leave()
    failed = {"k03-1", "k07-1"}
    assert await bench.done() == [event_id for event_id in IDS[:10] if event_id not in failed]
    assert await bench.heads() == [("k03-1", "retrying", 1), ("k07-1", "retrying", 1)]


async def test_a_text_that_the_database_does_not_take_is_the_fault_of_its_event(postgres_bench: Bench) -> None:
    bench = postgres_bench

    async def handle(connection: AsyncConnection, record: Record, event: object) -> None:
        await bench.effect(connection, record._replace(id=f"{record.id}{chr(0) * (record.key == 'a')}"), event)

    await publish(bench, "a-1", "b-1")
    consumer = await bench.consumer(handle)
    await consumer.drain()
    await consumer.leave()
    assert (await bench.done(), await bench.dead()) == (["b-1"], [("a-1", "DBAPIError", 1)])


async def test_a_database_that_is_down_spends_no_budget(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.fails = {"a-1": [Unavailable("gone") for _ in range(10)]}
    await publish(bench, "a-1", "a-2")
    consumer = await bench.consumer(handler)
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
