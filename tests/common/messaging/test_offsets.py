"""The next offset of each partition, stored in the service's own database."""

from sqlalchemy import select

from common.messaging.bus import Partition, Record
from common.messaging.consumer.transactions import Group, Transactions
from support.messaging.small import TYPE, Bench


def at(offset: int, event_id: str) -> Record:
    return Record("orders", 0, offset, "a", event_id, TYPE, {}, b"{}")


async def test_records_below_the_stored_offset_are_absorbed_whatever_their_ids(bench: Bench) -> None:
    transactions = Transactions(bench.storage, Group(name="takers", topics=("orders",), handle=bench.effect))
    place = Partition("orders", 0)
    assert (await transactions.process(place, [at(0, "a-1"), at(1, "a-2")])).taken == 2
    assert (await transactions.process(place, [at(0, "other"), at(1, "another"), at(2, "a-3")])).taken == 1
    assert await bench.done() == ["a-1", "a-2", "a-3"]


async def test_offsets_are_stored_per_partition(bench: Bench) -> None:
    await bench.enqueue(*(f"k{number}-1" for number in range(12)), topic="wide")
    await bench.relay().once()
    consumer = await bench.consumer(bench.effect, topics=("wide",))
    await consumer.drain()
    await consumer.leave()
    heads = {partition: head for partition, head in (await bench.bus.heads(["wide"])).items() if head}
    async with bench.database.read() as connection:
        offsets = await connection.execute(select(bench.records.offsets))
        assert {Partition(row.topic, row.partition): row.next_offset for row in offsets} == heads
