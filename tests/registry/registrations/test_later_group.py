from dataclasses import replace
from pathlib import Path

from registry_service.service import SERVICE
from support.casts.registering import NUMBER, case, programme_published
from support.service.alone import alone

BEFORE = replace(SERVICE, projects={})
"""The service as it was before it had the group that learns grounds."""


async def test_a_group_that_is_added_later_learns_what_was_published_before_it(
    database_url: str, tmp_path: Path
) -> None:
    one = case()
    async with alone(BEFORE, database_url, tmp_path) as service:
        for event in (programme_published(), *one.grounds, one.completed):
            await service.deliver(event)
        assert await service.rows("acceptances") == []
        assert [row["waiting_for"].partition(":")[0] for row in await service.rows("parked")] == ["registration"]

    async with alone(SERVICE, database_url, tmp_path) as service:
        await service.settle()

        assert [row["number"] for row in await service.rows("brands")] == [NUMBER]
        assert await service.rows("parked") == []
