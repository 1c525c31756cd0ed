"""`/readyz` says when a consumer of the process has paused, and the process still serves."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from common.contracts.applications.applications import ApplicationSubmitted
from common.messaging.consumer.kill_switch import ENOUGH
from common.storage.work import Work
from notifications_service.service import SERVICE
from support.casts.casenews import submitted
from support.service.alone import Alone, alone


class Reaction:
    """A reaction with a defect until it is repaired."""

    def __init__(self) -> None:
        self.repaired = False

    async def __call__(self, _work: Work, _event: ApplicationSubmitted) -> None:
        if not self.repaired:
            raise RuntimeError("bug")


@pytest.fixture
def reaction() -> Reaction:
    return Reaction()


@pytest.fixture
async def service(reaction: Reaction, database_url: str, tmp_path: Path) -> AsyncIterator[Alone]:
    async with alone(replace(SERVICE, consumes={ApplicationSubmitted: reaction}), database_url, tmp_path) as running:
        running.runtime.consumers = running.consumers
        yield running


async def ready(service: Alone) -> tuple[int, dict[str, str]]:
    answer = await service.client.get("/readyz")
    return answer.status_code, answer.json()


async def test_a_paused_consumer_is_named_until_it_resumes(service: Alone, reaction: Reaction) -> None:
    assert await ready(service) == (200, {"status": "ready"})
    for number in range(ENOUGH):
        await service.deliver(submitted().model_copy(update={"application_id": f"app_{number}"}))
    reason = "consumer paused, because most new events fail: notifications"
    assert await ready(service) == (200, {"status": "degraded", "reason": reason})

    reaction.repaired = True
    service.system.move(seconds=60)
    await service.settle()
    assert await ready(service) == (200, {"status": "ready"})
