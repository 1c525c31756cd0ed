"""Two workers of one service at once: one publishes, the other takes over when the first fails."""

import pytest

from support.faults.trial import Trial
from support.service.waiting import let_pass

LEASE_SECONDS = {"applications": 10.0, "notifications": 60.0}
"""How long the lease of a process that has stopped lasts: a relay's lead, a mail sender's mails."""
A_WHILE = 3.0


async def the_leader(trial: Trial, workers: list[str]) -> str:
    leaders = [worker for worker in workers if await trial.processes.leads(worker)]
    assert len(leaders) == 1
    return leaders[0]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("service", ["applications", "registry"])
async def test_of_two_relays_one_publishes_and_the_other_takes_over(trial: Trial, service: str) -> None:
    first = f"{service}-worker-1"
    async with trial.loaded(), trial.processes.another(first) as second:
        await let_pass(A_WHILE)
        assert await the_leader(trial, [first, second]) == first

        await trial.processes.kill(first)
        await trial.processes.has_taken_over(second)
        await trial.processes.start(first)
        await let_pass(A_WHILE)

        assert await the_leader(trial, [first, second]) == second


@pytest.mark.timeout(500)
@pytest.mark.parametrize("service", LEASE_SECONDS)
async def test_a_worker_frozen_past_its_lease_and_woken_only_repeats(trial: Trial, service: str) -> None:
    first = f"{service}-worker-1"
    async with trial.loaded(), trial.processes.another(first) as second:
        await let_pass(A_WHILE)
        with trial.processes.frozen(first):
            await trial.processes.has_taken_over(second)
            await let_pass(LEASE_SECONDS[service] + A_WHILE)
        await let_pass(A_WHILE)

        assert await the_leader(trial, [first, second]) == second
