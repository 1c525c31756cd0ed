"""The kill switch: a consumer pauses when most new events fail for an unknown reason, and probes with other events."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.errors import Conflict, Permanent, Refused
from common.messaging.bus import Record
from common.messaging.consumer.blocked import skip
from common.messaging.consumer.kill_switch import ENOUGH, PROBES
from support.messaging.failing import IDS, ORDERS, FailingHandler, publish, sample
from support.messaging.small import Bench


class Paused:
    """A handler that fails for a reason unknown until it is repaired, and the waits of the paused consumer."""

    def __init__(self, bench: Bench, *, repaired_after: int) -> None:
        self.bench = bench
        self.calls: list[str] = []
        self.waits: list[float] = []
        self.repaired_after = repaired_after

    @property
    def repaired(self) -> bool:
        return len(self.waits) >= self.repaired_after

    async def __call__(self, connection: AsyncConnection, record: Record, event: object) -> None:
        self.calls.append(record.id)
        if not self.repaired:
            raise RuntimeError("bug")
        await self.bench.effect(connection, record, event)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


async def test_when_most_new_events_fail_the_consumer_pauses_and_probes_with_other_events_each_time(
    bench: Bench,
) -> None:
    handler = Paused(bench, repaired_after=2)
    await publish(bench, *IDS)
    consumer = await bench.consumer(handler, retries={"sleep": handler.sleep})
    assert (consumer.paused, sample("consumer_paused")) == (False, 0)
    await consumer.step(ORDERS)
    before = ENOUGH + 2 * PROBES
    assert handler.calls == IDS
    assert handler.waits == pytest.approx([0.1, 0.3])
    assert (consumer.paused, await bench.done(), await bench.dead()) == (False, IDS[before:], [])
    bench.later(60)
    await consumer.drain()
    await consumer.leave()
    assert await bench.done() == IDS[before:] + IDS[:before]


async def test_while_it_is_paused_nothing_of_unknown_fault_is_set_aside_and_a_retry_that_succeeds_resumes_it(
    bench: Bench,
) -> None:
    handler = Paused(bench, repaired_after=1)
    await publish(bench, *IDS[:ENOUGH])
    consumer = await bench.consumer(handler, retries={"sleep": handler.sleep})
    for _ in range(8):
        await consumer.drain()
        bench.later(60)
    assert (consumer.paused, sample("consumer_paused"), await bench.dead()) == (True, 1, [])
    assert await bench.heads() == [(event_id, "retrying", 1) for event_id in IDS[:ENOUGH]]
    handler.repaired_after = 0
    await consumer.drain()
    await consumer.leave()
    assert (consumer.paused, sample("consumer_paused"), await bench.done()) == (False, 0, IDS[:ENOUGH])


async def test_a_consumer_that_is_restarted_while_it_is_paused_sets_nothing_aside(bench: Bench) -> None:
    handler = Paused(bench, repaired_after=1)
    await publish(bench, *IDS[:ENOUGH])
    for _ in range(bench.retries.attempts - 1):  # each restart costs one attempt until it pauses again
        consumer = await bench.consumer(handler, retries={"sleep": handler.sleep})
        for _ in range(bench.retries.attempts):
            await consumer.drain()
            bench.later(60)
        assert consumer.paused
        await consumer.leave()
    assert await bench.dead() == []


async def test_while_it_is_paused_the_failed_keys_take_turns(bench: Bench) -> None:
    handler = Paused(bench, repaired_after=1)
    count = ENOUGH + PROBES
    await publish(bench, *IDS[:count])
    consumer = await bench.consumer(handler, retries={"sleep": handler.sleep})
    await consumer.step(ORDERS)
    handler.calls.clear()
    for _ in range(2):
        bench.later(60)
        await consumer.replay()
    await consumer.leave()
    assert handler.calls[:count] == IDS[:count]


async def test_a_success_ends_the_wait_of_a_paused_reader_at_once(bench: Bench) -> None:
    handler = Paused(bench, repaired_after=1)
    waiting = asyncio.Event()

    async def for_ever(seconds: float) -> None:
        await handler.sleep(seconds)
        waiting.set()
        await asyncio.Event().wait()

    await publish(bench, *IDS[: ENOUGH + PROBES + 1])
    consumer = await bench.consumer(handler, retries={"sleep": for_ever})
    async with asyncio.timeout(20):
        reading = asyncio.create_task(consumer.step(ORDERS))
        await waiting.wait()  # from now on the handler succeeds
        bench.later(60)
        await consumer.replay()
        await reading
        await consumer.drain()
    await consumer.leave()
    assert sorted(await bench.done()) == IDS[: ENOUGH + PROBES + 1]


async def test_a_pause_ends_when_an_operator_has_skipped_everything_that_failed(bench: Bench) -> None:
    handler = Paused(bench, repaired_after=1)
    await publish(bench, *IDS[:ENOUGH])
    consumer = await bench.consumer(handler, retries={"sleep": handler.sleep})
    await consumer.drain()
    assert consumer.paused
    for event_id in IDS[:ENOUGH]:
        assert await skip(bench.database, bench.records, event_id=event_id, decision=bench.decision()) == 1
    await consumer.drain()
    await consumer.leave()
    assert (consumer.paused, await bench.heads()) == (False, [])


class Taken(Conflict):
    code = "bench-taken"
    zh = "已被占用。"
    en = "It is taken."


class Contradicts(Refused):
    code = "bench-contradicts"
    zh = "与已有记录矛盾。"
    en = "It contradicts what is stored."


@pytest.mark.parametrize(
    ("error", "code", "attempts"),
    [
        (Permanent("malformed-payload"), "malformed-payload", 1),
        (Contradicts(), "bench-contradicts", 1),
        (Taken(), "bench-taken", 3),
    ],
    ids=["cannot be read", "contradicts", "lost a race"],
)
async def test_forty_events_at_fault_themselves_are_set_aside_and_pause_nothing(
    bench: Bench, error: Exception, code: str, attempts: int
) -> None:
    handler = FailingHandler(bench)
    handler.always = dict.fromkeys(IDS[:40], error)
    await publish(bench, *IDS[:40], "a-1")
    consumer = await bench.consumer(handler)
    await consumer.drain()
    assert (await bench.done(), consumer.paused) == (["a-1"], False)
    for _ in range(attempts):
        bench.later(1)
        await consumer.drain()
    await consumer.leave()
    assert await bench.dead() == [(event_id, code, attempts) for event_id in IDS[:40]]
    assert (consumer.paused, bench.sleeps.taken) == (False, [])


async def test_events_of_no_interest_do_not_end_a_pause(bench: Bench) -> None:
    handler = Paused(bench, repaired_after=1)

    def decode(record: Record) -> Record | None:
        return None if record.key == "dull" else record

    await publish(bench, *IDS[:ENOUGH], "dull-1", "dull-2")
    consumer = await bench.consumer(handler, decode=decode, retries={"sleep": handler.sleep})
    await consumer.drain()
    await consumer.leave()
    assert (consumer.paused, handler.waits) == (True, [])


async def test_a_few_bad_keys_among_many_do_not_stop_the_consumer(bench: Bench) -> None:
    handler = FailingHandler(bench)
    ids = [f"k{number}-1" for number in range(60)]
    handler.always = {event_id: Permanent("bug") for event_id in ids[::3]}
    await publish(bench, *ids)
    consumer = await bench.consumer(handler)
    await consumer.drain()
    await consumer.leave()
    assert [event_id for event_id, _, _ in await bench.dead()] == ids[::3]
    assert bench.sleeps.taken == []


async def test_forty_events_of_unknown_fault_hold_up_an_ordinary_one_for_less_than_two_seconds(bench: Bench) -> None:
    handler = FailingHandler(bench)
    handler.always = dict.fromkeys(IDS[:40], RuntimeError("bug in a reaction"))
    await publish(bench, *IDS[:40], "a-1")
    consumer = await bench.consumer(handler)
    await consumer.step(ORDERS)
    assert (await bench.done(), consumer.paused) == (["a-1"], False)
    assert sum(bench.sleeps.taken) < 2
    bench.later(60)
    await consumer.drain()
    await consumer.leave()
    assert (consumer.paused, len(await bench.heads()), sum(bench.sleeps.taken) < 2) == (False, 40, True)
