"""Behaviour of Kafka alone: outages of the broker, rebalancing, faults of the client, rights."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import reduce
from typing import Any

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, Producer
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from common.kernel.errors import Transient
from common.messaging.bus import UNAVAILABLE, Outgoing, Partition, Record, Refusal
from common.messaging.kafka.client import KafkaBus
from stack.servers.kafka.admin import set_rights
from support.messaging.buses import TOPICS, Reader, ids, row
from support.messaging.kafka import TIMEOUTS, KafkaAdapter, KafkaServer
from support.service.waiting import eventually

DEADLINE = 60
LONG_ENOUGH = 5.0
"""Seconds in which a group that does not wait for a batch has given its partitions to another."""
PENDING = "_consumer._fetcher._pending_tasks"
KEYS = [f"k{number}" for number in range(8)]


@pytest.fixture
def adapter(kafka: KafkaServer) -> KafkaAdapter:
    return KafkaAdapter(kafka)


@pytest.fixture
async def bus(adapter: KafkaAdapter) -> AsyncIterator[KafkaBus]:
    opened = await adapter.open()
    yield opened
    await opened.close()


def inside(thing: object, path: str) -> Any:  # noqa: ANN401 -- parts of a client without types
    """Return a private part of a client: the faults that it should survive can only be injected there."""
    return reduce(getattr, path.split("."), thing)


async def insist(bus: KafkaBus, batch: list[Outgoing]) -> int:
    """Publish as a relay does, retrying what was not acknowledged; returns how often it failed."""
    failures = 0
    async with asyncio.timeout(DEADLINE):
        while batch:
            try:
                answers = await bus.publish(batch)
            except Transient:
                answers = [Refusal(UNAVAILABLE, "down")] * len(batch)
            failures += any(answers)
            batch = [one for one, answer in zip(batch, answers, strict=True) if answer is not None]
            await asyncio.sleep(0.05 if batch else 0)
    return failures


async def read_firsts(reader: Reader, count: int) -> dict[str, list[str]]:
    """Read until so many different ids have come; returns the first occurrences of each key's ids in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    async with asyncio.timeout(DEADLINE):
        while sum(map(len, found.values())) < count:
            for partition in list(reader.partitions):
                for record in await reader.subscription.fetch(partition, limit=500, wait=0.05):
                    if record.id not in found[record.key]:
                        found[record.key].append(record.id)
            await asyncio.sleep(0)
    return dict(found)


def expected(rounds: int) -> dict[str, list[str]]:
    return {key: [f"{key}-{number}" for number in range(rounds)] for key in KEYS}


async def test_a_killed_broker_loses_nothing_that_it_acknowledged(bus: KafkaBus, adapter: KafkaAdapter) -> None:
    topic, broker, rounds = adapter.topic("orders"), adapter.server.broker, 60
    reader = await Reader(bus, adapter.topic("g"), [topic]).join()
    reading = asyncio.create_task(read_firsts(reader, rounds * len(KEYS)))

    async def publishing() -> None:
        for number in range(rounds):
            await insist(bus, [row(topic, key, number) for key in KEYS])

    going = asyncio.create_task(publishing())
    await insist(bus, [row(adapter.topic("single"), "a", 1)])  # the stream is under way
    broker.kill()
    await asyncio.to_thread(broker.start)
    await going
    assert await reading == expected(rounds)
    await reader.leave()


async def test_a_broker_paused_past_the_session_resumes_where_it_was(bus: KafkaBus, adapter: KafkaAdapter) -> None:
    topic, broker = adapter.topic("orders"), adapter.server.broker
    await insist(bus, [row(topic, key, 0) for key in KEYS])
    reader = await Reader(bus, adapter.topic("g"), [topic]).join()
    assert len(await reader.read(len(KEYS))) == len(KEYS)
    broker.pause()
    try:
        # waits for longer than the session lasts
        answers = await bus.publish([row(topic, key, 0) for key in KEYS])
    finally:
        broker.resume()
    assert {answer and answer.code for answer in answers} == {UNAVAILABLE}
    assert TIMEOUTS.publish > TIMEOUTS.session
    for number in range(1, 5):
        await insist(bus, [row(topic, key, number) for key in KEYS])
    await reader.leave()
    again = await Reader(bus, adapter.topic("g"), [topic]).join()
    assert await read_firsts(again, 5 * len(KEYS)) == expected(5)
    await again.leave()


async def test_a_reader_survives_a_paused_broker(bus: KafkaBus, adapter: KafkaAdapter) -> None:
    topic, broker = adapter.topic("orders"), adapter.server.broker
    reader = await Reader(bus, adapter.topic("g"), [topic]).join()
    reading = asyncio.create_task(read_firsts(reader, 2 * len(KEYS)))
    await insist(bus, [row(topic, key, 0) for key in KEYS])
    broker.pause()
    try:
        await bus.publish([row(topic, key, 1) for key in KEYS])
    finally:
        broker.resume()
    await insist(bus, [row(topic, key, 1) for key in KEYS])
    assert await reading == expected(2)
    await reader.leave()


async def until_shared(*readers: Reader) -> None:
    """Wait until each has partitions, and together they have every one of the topic once."""
    async with asyncio.timeout(DEADLINE):
        while True:
            held = sorted(one.number for reader in readers for one in reader.partitions)
            if held == list(range(4)) and all(reader.partitions for reader in readers):
                return
            await asyncio.sleep(0.05)


async def test_members_share_the_partitions_and_a_leaving_member_hands_its_own_to_the_others(
    bus: KafkaBus, adapter: KafkaAdapter
) -> None:
    topic, group = adapter.topic("orders"), adapter.topic("g")
    one = await Reader(bus, group, [topic]).join()
    assert one.partitions == [Partition(topic, number) for number in range(4)]
    other_bus = await adapter.open()
    other = await Reader(other_bus, group, [topic]).join()
    await until_shared(one, other)
    assert {len(one.partitions), len(other.partitions)} == {2}
    await insist(bus, [row(topic, key, 0) for key in KEYS])
    await one.leave()
    await until_shared(other)
    assert await read_firsts(other, len(KEYS)) == expected(1)
    await other.leave()
    await other_bus.close()


class Working(Reader):
    """A reader whose first batch is under way when its partitions are revoked, and waits whether another takes over.

    While the promise is kept, none does; then the batch ends after `LONG_ENOUGH`.
    """

    def __init__(self, bus: KafkaBus, group: str, topics: Sequence[str], story: list[str]) -> None:
        super().__init__(bus, group, topics)
        self.story = story
        self.overtaken = asyncio.Event()
        self.batch: asyncio.Task[None] | None = None
        self.finish = asyncio.Event()

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        await super().assigned(partitions)
        if self.batch is None:  # a later assignment is not part of the test
            self.batch = asyncio.create_task(self._work())

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        self.story.append("asked to give up")
        self.finish.set()
        if self.batch is not None:
            await self.batch
        await super().revoked(partitions)
        self.story.append("gave up")

    async def _work(self) -> None:
        await self.finish.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.overtaken.wait(), LONG_ENOUGH)
        self.story.append("the batch ended")


class Following(Reader):
    """A reader that records when it takes over from another."""

    def __init__(self, bus: KafkaBus, group: str, topics: Sequence[str], before: Working) -> None:
        super().__init__(bus, group, topics)
        self.before = before

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        self.before.story.append("another took over")
        self.before.overtaken.set()
        await super().assigned(partitions)


async def test_a_partition_is_not_given_to_another_before_its_batch_has_ended(
    bus: KafkaBus, adapter: KafkaAdapter
) -> None:
    topic, group, story = adapter.topic("orders"), adapter.topic("g"), list[str]()
    one = Working(bus, group, [topic], story)
    await one.join()
    other_bus = await adapter.open()
    other = await Following(other_bus, group, [topic], one).join()
    await until_shared(one, other)
    assert story == ["asked to give up", "the batch ended", "gave up", "another took over"]
    await one.leave()
    await other.leave()
    await other_bus.close()


async def test_a_producer_with_a_wrong_sequence_number_is_replaced_and_the_rows_keep_their_order(
    bus: KafkaBus, adapter: KafkaAdapter
) -> None:
    topic = adapter.topic("single")
    assert list(await bus.publish([row(topic, "a", 0)])) == [None]
    broken = inside(bus, "_producer")
    inside(broken, "_txn_manager").increment_sequence_number((topic, 0), 7)
    batch = [row(topic, "a", 1), row(topic, "b", 1), row(topic, "a", 2)]
    answers = await bus.publish(batch)
    assert [answer and answer.code for answer in answers] == [UNAVAILABLE] * 3
    assert "OutOfOrderSequence" in str(answers[0]) or "OUT_OF_ORDER" in str(answers[0])
    assert list(await bus.publish(batch)) == [None] * 3
    assert inside(bus, "_producer") is not broken
    reader = await Reader(bus, adapter.topic("g"), [topic]).join()
    assert ids(await reader.read(4)) == ["a-0", "a-1", "b-1", "a-2"]
    await reader.leave()


async def test_a_reader_that_stalled_is_replaced(bus: KafkaBus, adapter: KafkaAdapter) -> None:
    topic = adapter.topic("single")
    await insist(bus, [row(topic, "a", 0)])
    reader = await Reader(bus, adapter.topic("g"), [topic]).join()
    assert ids(await reader.read(1)) == ["a-0"]
    reader.taken[Partition(topic, 0)] = 1
    inside(reader.subscription, "_client._consumer._fetcher._fetch_task").cancel()
    await insist(bus, [row(topic, "a", 1)])
    assert ids(await reader.read(1)) == ["a-1"]
    await reader.leave()


async def test_a_reader_that_broke_while_the_broker_was_down_recovers(bus: KafkaBus, adapter: KafkaAdapter) -> None:
    topic, broker = adapter.topic("orders"), adapter.server.broker
    await insist(bus, [row(topic, key, 0) for key in KEYS])
    reader = await Reader(bus, adapter.topic("g"), [topic]).join()
    reading = asyncio.create_task(read_firsts(reader, 2 * len(KEYS)))
    broker.kill()
    try:
        client = inside(reader.subscription, "_client")

        async def is_retrying() -> bool:
            return any("sleep" in repr(task.get_coro().cr_await) for task in inside(client, PENDING))

        await eventually(is_retrying)
        vars(reader.subscription)["_broken"] = True  # as after a failed coordinator

        async def is_discarded() -> bool:
            return inside(reader.subscription, "_client") is not client

        await eventually(is_discarded)
    finally:
        await asyncio.to_thread(broker.start)
    await insist(bus, [row(topic, key, 1) for key in KEYS])
    assert await reading == expected(2)
    await reader.leave()


async def test_a_wrong_password_is_named(adapter: KafkaAdapter) -> None:
    bus = KafkaBus(adapter.server.access("registry", "wrong"), adapter.topics, timeouts=TIMEOUTS)
    for refused in (
        bus.publish([row(adapter.topic("single"), "a", 1)]),
        bus.heads([adapter.topic("single")]),
        bus.subscribe("g", [adapter.topic("single")]).start(Reader(bus, "g", [adapter.topic("single")])),
    ):
        with pytest.raises(Transient, match=r"user registry: .*Authentication failed"):
            await refused
    await bus.close()


async def test_a_missing_right_is_named_and_can_be_granted_meanwhile(adapter: KafkaAdapter) -> None:
    set_rights(adapter.server.admin, "review", [])  # those that the tests of the topics gave
    topic, group, bus = adapter.topic("single"), adapter.topic("g"), await adapter.open("review")
    reader = Reader(bus, group, [topic])
    with pytest.raises(Transient, match="user review: may not write to any topic"):
        await bus.publish([row(topic, "a", 1)])
    allow(adapter.server, ResourceType.TOPIC, adapter.topic("other"), AclOperation.WRITE)
    answer = await until_answered(bus, row(topic, "a", 1))
    assert (answer.code, topic in answer.reason) == ("not-allowed", True)
    with pytest.raises(Transient, match=f"user review: .*{topic}"):
        await reader.join()
    allow(adapter.server, ResourceType.TOPIC, topic, AclOperation.READ, AclOperation.WRITE)
    await insist(bus, [row(topic, "a", 1)])
    with pytest.raises(Transient, match=f"user review: .*{group}"):
        await reader.join()
    allow(adapter.server, ResourceType.GROUP, group, AclOperation.READ)
    async with asyncio.timeout(DEADLINE):
        while not reader.partitions:
            with suppress(Transient):
                await reader.join()
    assert ids(await reader.read(1)) == ["a-1"]
    await reader.leave()
    await bus.close()


async def until_answered(bus: KafkaBus, one: Outgoing) -> Refusal:
    """Publish until the broker applies a new right and accepts the producer at all."""
    async with asyncio.timeout(DEADLINE):
        while True:
            with suppress(Transient):
                (answer,) = await bus.publish([one])
                assert answer is not None
                return answer


def allow(server: KafkaServer, kind: ResourceType, name: str, *operations: AclOperation) -> None:
    bindings = [
        AclBinding(kind, name, ResourcePatternType.LITERAL, "User:review", "*", one, AclPermissionType.ALLOW)
        for one in operations
    ]
    for made in server.admin.create_acls(bindings).values():
        made.result(20)


async def test_a_topic_with_another_number_of_partitions_is_neither_written_nor_read(adapter: KafkaAdapter) -> None:
    topic = adapter.topic("orders")
    bus = KafkaBus(adapter.server.access(), {topic: 12}, timeouts=TIMEOUTS)
    (answer,) = await bus.publish([row(topic, "a", 1)])
    assert answer == Refusal("wrong-partitions", f"{topic} has 4, not 12")
    with pytest.raises(Transient, match="has 4, not 12"):
        await Reader(bus, adapter.topic("g"), [topic]).join()
    await bus.close()


async def test_a_message_of_a_foreign_program_is_a_record_too(bus: KafkaBus, adapter: KafkaAdapter) -> None:
    topic = adapter.topic("single")
    foreign = Producer(adapter.server.broker.as_user())
    foreign.produce(topic, value=None, key=b"\xff", headers=[("ce_type", b"\xfe"), ("none", None)])
    assert foreign.flush(20) == 0
    reader = await Reader(bus, adapter.topic("g"), [topic]).join()
    assert await reader.read(1) == [
        Record(
            topic=topic, partition=0, offset=0, key="�", id=f"{topic}/0/0", type="�",
            headers={"ce_type": "�", "none": ""}, payload=b"",
        )
    ]  # fmt: skip
    await reader.leave()


async def test_offsets_are_committed_to_the_broker_and_the_groups_own_record_decides(
    bus: KafkaBus, adapter: KafkaAdapter
) -> None:
    topic, group = adapter.topic("single"), adapter.topic("g")
    await insist(bus, [row(topic, "a", number) for number in range(3)])
    reader = await Reader(bus, group, [topic]).join()
    for record in (await reader.read(3))[:2]:
        await reader.take(record)
    await reader.leave()
    assert TOPICS["single"] == 1
    assert committed(adapter.server, group) == {(topic, 0): 2}
    without_record = await Reader(bus, group, [topic]).join()
    assert ids(await without_record.read(3)) == ["a-0", "a-1", "a-2"]
    await without_record.leave()


def committed(server: KafkaServer, group: str) -> dict[tuple[str, int], int]:
    asked = server.admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])
    found = asked[group].result(20).topic_partitions
    return {(one.topic, one.partition): one.offset for one in found}
