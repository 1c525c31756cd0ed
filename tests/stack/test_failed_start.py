"""A start that fails: it says why, and nothing that it had started is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.commands.down import down
from stack.machine.places import shared_folder
from stack.machine.record import recorded
from support.stack.commands import ran, skip_without_parts


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """Provide a data folder whose stack is ended whatever the test does."""
    skip_without_parts()
    yield tmp_path
    down(tmp_path)


@pytest.mark.timeout(600)
def test_a_start_that_fails_says_why_and_ends_what_it_started(data: Path) -> None:
    failed = ran("up", data, APPLICATIONS_RATE_LIMIT="as many as you like")

    assert failed.returncode == 1
    assert "error: applications-migrate ended with status 2: applications: APPLICATIONS_RATE_LIMIT" in failed.stderr
    assert failed.stderr.endswith("\nFAIL\n")
    assert recorded(data) is None
    assert not shared_folder(data).exists()
    assert names_in(data) == {"logs", "stack.lock"}
    assert names_in(data / "logs") >= {"postgres.log", "kafka.log", "applications-migrate.log"}


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
