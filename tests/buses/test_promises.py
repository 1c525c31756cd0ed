"""The promises of `messaging/bus.py`, kept by every adapter."""

import asyncio
from collections import defaultdict

import pytest

from common.kernel.values.sizes import LARGEST
from common.messaging.bus import Bus, Outgoing, Partition, Record
from common.messaging.murmur2 import murmur2
from common.messaging.topics import partitions_of
from support.messaging.buses import TOPICS, Adapter, Reader, ids, row


def by_partition(records: list[Record]) -> dict[int, list[Record]]:
    found = defaultdict(list)
    for record in records:
        found[record.partition].append(record)
    return found


def by_key(records: list[Record]) -> dict[str, list[str]]:
    """Return the first occurrences of the ids of each key, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for record in records:
        if record.id not in found[record.key]:
            found[record.key].append(record.id)
    return found


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # from Kafka's own UtilsTest.testMurmur2
        ("21", -973932308),
        ("foobar", -790332482),
        ("a-little-bit-long-string", -985981536),
        ("a-little-bit-longer-string", -1486304829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        ("abc", 479470107),
    ],
)
def test_keys_hash_as_kafka_hashes_them(key: str, expected: int) -> None:
    beside = [b"", b"x", key[::-1].encode(), b"one of another length"]  # many are hashed at once
    assert murmur2([*beside, key.encode(), *beside])[len(beside)] == expected & 0xFFFFFFFF


async def test_a_record_comes_out_as_it_went_in(bus: Bus, adapter: Adapter) -> None:
    payload = bytes(range(256))
    outgoing = Outgoing(
        topic=adapter.topic("single"), key="品牌", id="e-1", type="t", headers={"ce_x": "山东"}, payload=payload
    )
    assert list(await bus.publish([outgoing])) == [None]
    reader = await Reader(bus, "g", [adapter.topic("single")]).join()
    assert await reader.read(1) == [
        Record(
            topic=adapter.topic("single"),
            partition=0,
            offset=0,
            key="品牌",
            id="e-1",
            type="t",
            headers={"ce_x": "山东"},
            payload=payload,
        )
    ]
    await reader.leave()


async def test_offsets_are_dense_and_a_key_keeps_its_partition_and_its_order(bus: Bus, adapter: Adapter) -> None:
    topic, keys = adapter.topic("orders"), [f"k{number}" for number in range(10)]
    batches = [[row(topic, key, number) for key in keys] for number in range(6)]
    for batch in batches:
        assert list(await bus.publish(batch)) == [None] * 10
    reader = await Reader(bus, "g", [topic]).join()
    records = await reader.read(60)
    for partition, found in by_partition(records).items():
        assert [record.offset for record in found] == list(range(len(found)))
        assert set(partitions_of(found, {topic: TOPICS["orders"]})) == {partition}
    assert by_key(records) == {key: [f"{key}-{number}" for number in range(6)] for key in keys}
    await reader.leave()


async def test_a_repeated_id_is_acknowledged_and_the_first_occurrence_keeps_its_place(
    bus: Bus, adapter: Adapter
) -> None:
    topic = adapter.topic("single")
    await bus.publish([row(topic, "a", 1), row(topic, "a", 2)])
    assert list(await bus.publish([row(topic, "a", number) for number in (1, 3, 4, 3)])) == [None] * 4
    reader = await Reader(bus, "g", [topic]).join()
    records = await reader.read(4 if adapter.absorbs else 6)
    assert by_key(records) == {"a": ["a-1", "a-2", "a-3", "a-4"]}
    if adapter.absorbs:
        assert ids(records) == ["a-1", "a-2", "a-3", "a-4"]
        assert await bus.heads([topic]) == {Partition(topic, 0): 4}
    await reader.leave()


async def test_the_same_id_in_another_topic_is_another_row(bus: Bus, adapter: Adapter) -> None:
    topics = [adapter.topic("orders"), adapter.topic("other")]
    await bus.publish([row(topic, "a", 1) for topic in topics])
    reader = await Reader(bus, "g", topics).join()
    assert sorted(record.topic for record in await reader.read(2)) == sorted(topics)
    await reader.leave()


async def test_a_row_that_cannot_be_written_is_refused_with_those_behind_it_and_the_rest_is_written(
    bus: Bus, adapter: Adapter
) -> None:
    topic = adapter.topic("single")
    batch = [
        row(topic, "a", 1),
        row(topic, "a", 2, b"x" * (LARGEST + 1)),
        row("undeclared", "b", 1),
        row(topic, "a", 3),
        row(topic, "b", 2),
    ]
    answers = await bus.publish(batch)
    codes = [answer and answer.code for answer in answers]
    assert codes == [None, "too-large", "unknown-topic", "behind-refused", None]
    reader = await Reader(bus, "g", [topic]).join()
    assert ids(await reader.read(2)) == ["a-1", "b-2"]
    await reader.leave()


async def test_the_largest_payload_passes(bus: Bus, adapter: Adapter) -> None:
    topic, payload = adapter.topic("single"), b"\xff" * LARGEST
    assert list(await bus.publish([row(topic, "a", 1, payload)])) == [None]
    reader = await Reader(bus, "g", [topic]).join()
    (record,) = await reader.read(1)
    assert record.payload == payload
    await reader.leave()


async def test_groups_are_independent(bus: Bus, adapter: Adapter) -> None:
    topic = adapter.topic("single")
    await bus.publish([row(topic, "a", number) for number in range(3)])
    one = await Reader(bus, "one", [topic]).join()
    for record in await one.read(3):
        await one.take(record)
    other = await Reader(bus, "other", [topic]).join()
    assert ids(await other.read(3)) == ["a-0", "a-1", "a-2"]
    await one.leave()
    await other.leave()


async def test_records_that_were_fetched_and_not_committed_are_delivered_again(bus: Bus, adapter: Adapter) -> None:
    topic, taken = adapter.topic("single"), dict[Partition, int]()
    await bus.publish([row(topic, "a", number) for number in range(3)])
    first = await Reader(bus, "g", [topic], taken).join()
    records = await first.read(3)
    await first.take(records[0])
    await first.leave()
    second = await Reader(bus, "g", [topic], taken).join()
    assert ids(await second.read(2)) == ["a-1", "a-2"]
    await second.leave()


async def test_a_group_resumes_at_its_own_record_after_the_log_was_closed(adapter: Adapter) -> None:
    topic, taken = adapter.topic("single"), dict[Partition, int]()
    bus = await adapter.open()
    await bus.publish([row(topic, "a", number) for number in range(3)])
    reader = await Reader(bus, "g", [topic], taken).join()
    for record in (await reader.read(3))[:2]:
        await reader.take(record)
    await reader.leave()
    await bus.close()
    again = await adapter.open()
    await again.publish([row(topic, "a", 3)])
    resumed = await Reader(again, "g", [topic], taken).join()
    assert [(record.id, record.offset) for record in await resumed.read(2)] == [("a-2", 2), ("a-3", 3)]
    await resumed.leave()
    await again.close()


async def test_a_reader_seeks_back_and_forth(bus: Bus, adapter: Adapter) -> None:
    topic = adapter.topic("single")
    await bus.publish([row(topic, "a", number) for number in range(4)])
    reader = await Reader(bus, "g", [topic]).join()
    await reader.read(4)
    await reader.subscription.seek(Partition(topic, 0), 1)
    assert ids(await reader.read(3)) == ["a-1", "a-2", "a-3"]
    await reader.subscription.seek(Partition(topic, 0), 3)
    assert ids(await reader.read(1)) == ["a-3"]
    await reader.leave()


async def test_a_fetch_keeps_to_its_limit_and_the_next_continues_behind_it(bus: Bus, adapter: Adapter) -> None:
    topic = adapter.topic("single")
    await bus.publish([row(topic, "a", number) for number in range(5)])
    reader = await Reader(bus, "g", [topic]).join()
    found: list[list[str]] = []
    async with asyncio.timeout(20):
        while sum(map(len, found)) < 5:
            found.append(ids(await reader.subscription.fetch(Partition(topic, 0), limit=2, wait=1)))
    assert max(map(len, found)) <= 2
    assert [one for some in found for one in some] == [f"a-{number}" for number in range(5)]
    assert list(await reader.subscription.fetch(Partition(topic, 0), limit=2, wait=0)) == []
    await reader.leave()


async def test_a_waiting_reader_is_woken(bus: Bus, adapter: Adapter) -> None:
    topic = adapter.topic("single")
    reader = await Reader(bus, "g", [topic]).join()
    waiting = asyncio.create_task(reader.subscription.fetch(Partition(topic, 0), limit=1, wait=60))
    await asyncio.sleep(0)
    await bus.publish([row(topic, "a", 1)])
    assert ids(list(await asyncio.wait_for(waiting, 20))) == ["a-1"]
    await reader.leave()


async def test_heads_are_the_next_offsets_of_every_partition(bus: Bus, adapter: Adapter) -> None:
    topic = adapter.topic("orders")
    assert await bus.heads([topic]) == {Partition(topic, number): 0 for number in range(4)}
    rows = [row(topic, f"k{number}", 1) for number in range(20)]
    await bus.publish(rows)
    expected = {Partition(topic, number): 0 for number in range(4)}
    for number in partitions_of(rows, {topic: TOPICS["orders"]}):
        expected[Partition(topic, number)] += 1
    assert await bus.heads([topic]) == expected


async def test_publishers_at_once_keep_their_own_order_and_lose_nothing(bus: Bus, adapter: Adapter) -> None:
    topic = adapter.topic("orders")

    async def publisher(name: str) -> None:
        for number in range(0, 40, 4):
            assert list(await bus.publish([row(topic, name, number + one) for one in range(4)])) == [None] * 4

    names = [f"p{number}" for number in range(5)]
    await asyncio.gather(*(publisher(name) for name in names))
    reader = await Reader(bus, "g", [topic]).join()
    records = await reader.read(200)
    assert by_key(records) == {name: [f"{name}-{number}" for number in range(40)] for name in names}
    for found in by_partition(records).values():
        assert [record.offset for record in found] == list(range(len(found)))
    await reader.leave()


def test_an_undeclared_topic_cannot_be_subscribed_to(bus: Bus) -> None:
    with pytest.raises(ValueError, match="not declared"):
        bus.subscribe("g", ["undeclared"])


async def test_a_group_that_was_left_can_be_joined_again(bus: Bus, adapter: Adapter) -> None:
    topic = adapter.topic("single")
    for _ in range(2):
        reader = await Reader(bus, "g", [topic]).join()
        assert reader.partitions == [Partition(topic, 0)]
        await reader.leave()
        assert reader.partitions == []
