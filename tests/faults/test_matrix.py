"""The crash matrix: the process dies at each point that each service passes, and keeps every promise all the same."""

import os
import random
from itertools import product
from pathlib import Path

import pytest

from support.faults.checker import findings, unkept
from support.faults.playing import play_with
from support.faults.stopped import picture_of

COMMITTING = ("before-commit", "after-commit")
PUBLISHING = ("before-publish", "after-publish", "before-delete")
TAKING = ("before-effect-commit", "after-effect-commit")
SENDING = ("before-send", "after-send")
PASSED = {
    "applications": COMMITTING + PUBLISHING + TAKING,
    "review": COMMITTING + PUBLISHING + TAKING,
    "registry": COMMITTING + PUBLISHING + TAKING,
    "notifications": COMMITTING + PUBLISHING + TAKING + SENDING,
}
SCHEDULES = (1, 3, 6)
MATRIX = [f"{service}.{point}:{n}" for service, points in PASSED.items() for point, n in product(points, SCHEDULES)]
SAMPLE = random.Random(20151008).sample(MATRIX, 3)  # noqa: S311 -- a fixed sample, the same in every run
CHOSEN = MATRIX if os.environ.get("FAULTS") == "all" else SAMPLE


@pytest.mark.timeout(600)
@pytest.mark.parametrize("failpoint", CHOSEN)
async def test_a_process_killed_there_loses_doubles_and_reorders_nothing(failpoint: str, tmp_path: Path) -> None:
    played = await play_with(failpoint, tmp_path)

    assert played.deaths >= 1
    assert played.acknowledged > 0
    assert played.lost == []
    picture = picture_of(tmp_path)
    assert findings(picture) == []
    assert unkept(picture, played.requests) == []
