"""Where a group stands in each partition, kept in its own database."""

from sqlalchemy import select

from common.messaging.bus import Partition
from support.messaging import Bench


async def test_positions_are_kept_per_partition(bench: Bench) -> None:
    await bench.tell(*(f"k{number}-1" for number in range(12)), topic="wide")
    await bench.relay().once()
    consumer = await bench.consumer(bench.effect, topics=("wide",))
    await consumer.drain()
    await consumer.leave()
    heads = {partition: head for partition, head in (await bench.bus.heads(["wide"])).items() if head}
    async with bench.database.read() as connection:
        offsets = await connection.execute(select(bench.records.offsets))
        assert {Partition(row.topic, row.partition): row.next_offset for row in offsets} == heads
