"""The services' servers fail while clients write: the broker is killed or paused, PostgreSQL is killed."""

import pytest

from support.faults.trial import Trial
from support.service.waiting import let_pass

OUTAGE_SECONDS = 6.0
SESSION_SECONDS = 10.0
"""How long the broker keeps a reader that sends nothing in its group."""


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
