"""Faults of a stack that `make faults SHAPE=distributed` has started for them: one after another, on the same data."""

import asyncio
import os
from pathlib import Path

import pytest

from support.trial import FIGURES, Trial

FOLDER = os.environ.get("STACK")

collect_ignore_glob = [] if FOLDER else ["test_*.py"]


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
