"""Behaviour of the embedded log alone: one reader per group; a publisher may be cancelled at any point."""

import asyncio
from pathlib import Path

import pytest

from common.messaging.embedded.log import open_bus
from support.messaging.buses import TOPICS, Reader, row


async def test_a_group_has_one_reader(tmp_path: Path) -> None:
    bus = await open_bus(tmp_path / "bus.db", TOPICS)
    reader = await Reader(bus, "g", ["single"]).join()
    with pytest.raises(ValueError, match="has a reader"):
        await Reader(bus, "g", ["single"]).join()
    await reader.leave()
    await bus.close()


@pytest.mark.parametrize("passes", range(8))
async def test_a_publisher_cancelled_at_any_point_leaves_no_gap_and_no_duplicate(tmp_path: Path, passes: int) -> None:
    bus = await open_bus(tmp_path / "bus.db", TOPICS)
    await bus.publish([row("single", "a", 1)])
    publishing = asyncio.create_task(bus.publish([row("single", "a", 2)]))
    for _ in range(passes):
        await asyncio.sleep(0)
    publishing.cancel()
    await asyncio.gather(publishing, return_exceptions=True)
    assert list(await bus.publish([row("single", "a", 2), row("single", "a", 3)])) == [None, None]
    reader = await Reader(bus, "g", ["single"]).join()
    records = await reader.read(3)
    assert [(record.id, record.offset) for record in records] == [("a-1", 0), ("a-2", 1), ("a-3", 2)]
    await reader.leave()
    await bus.close()
