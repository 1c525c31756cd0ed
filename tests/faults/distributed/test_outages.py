"""What the services stand on goes away while others write: the broker killed or frozen, PostgreSQL killed."""

import pytest

from support.trial import Trial
from support.waiting import let_pass

OUTAGE_SECONDS = 6.0
SESSION_SECONDS = 10.0
"""How long the broker lets a silent reader keep its place."""


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", ["kafka", "postgres"])
async def test_a_part_that_is_killed_and_started_again_loses_nothing(trial: Trial, part: str) -> None:
    async with trial.loaded():
        await let_pass(OUTAGE_SECONDS)
        await trial.processes.kill(part)
        await let_pass(OUTAGE_SECONDS)
        await trial.processes.start(part)
        await let_pass(OUTAGE_SECONDS)


@pytest.mark.timeout(400)
async def test_a_broker_frozen_past_the_session_of_its_readers_loses_nothing(trial: Trial) -> None:
    async with trial.loaded():
        await let_pass(OUTAGE_SECONDS)
        with trial.processes.frozen("kafka"):
            await let_pass(SESSION_SECONDS * 2.5)
        await let_pass(OUTAGE_SECONDS)
