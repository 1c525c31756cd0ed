"""Faults on a stack that `make faults SHAPE=distributed` starts for these tests, which run in turn on the same data."""

import asyncio
import os
from pathlib import Path

import pytest

from support.faults.trial import FIGURES, Trial

FOLDER = os.environ.get("STACK")

collect_ignore_glob = [] if FOLDER else ["test_*.py"]

SAMPLE = ("applications-api-1-after-commit", "review-worker-1-after-publish", "[postgres]", "planted_loss")
"""`FAULTS=sample` runs only the tests whose names contain one of these."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect every test outside the sample when only the sample is asked for."""
    if os.environ.get("FAULTS") == "sample":
        here = Path(__file__).parent
        others = [item for item in items if here in item.path.parents and not any(part in item.name for part in SAMPLE)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


@pytest.fixture(scope="session")
def trial() -> Trial:
    """Provide the stack, prepared for the writers."""
    trial = Trial(Path(FOLDER or ""))
    asyncio.run(trial.prepare())
    return trial


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the whole run came to."""
    if FIGURES.runs:
        terminalreporter.write_line(f"faults on the stack: {FIGURES}")
