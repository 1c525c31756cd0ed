"""Each api and each worker dies by kill -9 at each point that it passes, while others write, and is started again."""

import random

import pytest

from support.faults.trial import Trial

SERVICES = ("applications", "review", "registry", "notifications")
COMMITTING = ("before-commit", "after-commit")
WORKING = ("before-publish", "after-publish", "before-delete", "before-effect-commit", "after-effect-commit")
SENDING = ("before-send", "after-send")
PASSED = {
    **{f"{service}-api-1": COMMITTING for service in SERVICES},
    "applications-worker-1": WORKING,
    "review-worker-1": WORKING,
    "registry-worker-1": (*WORKING, *COMMITTING),  # commits for the calendar
    "notifications-worker-1": (*WORKING, *COMMITTING, *SENDING),  # commits for the mails
}
CELLS = [(process, point) for process, points in PASSED.items() for point in points]
PASSES = (1, 2, 3)
SEED = 20151008


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("process", "point"), CELLS)
async def test_a_process_killed_there_loses_doubles_and_reorders_nothing(
    trial: Trial, process: str, point: str
) -> None:
    deadly_pass = random.Random(f"{SEED} {process} {point}").choice(PASSES)  # noqa: S311 -- the same in every run
    service = process.partition("-")[0]
    async with trial.loaded():
        await trial.processes.arm(process, f"{service}.{point}:{deadly_pass}")
        await trial.processes.died(process)
        await trial.processes.start(process)
