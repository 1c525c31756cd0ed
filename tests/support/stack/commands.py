"""The commands of `python -m stack`, each run as a process of its own, as `make stack` runs them."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from stack.machine.requirements import Machine, missing
from support.messaging.kafka import CACHE

COMMAND_SECONDS: Final = 400


def ran(command: str, data: Path, *options: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run a command on the stack with this data folder to its end."""
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "stack", command, "--data", str(data), *options],
        check=False, timeout=COMMAND_SECONDS, capture_output=True, text=True,
        env={**os.environ, "STACK_CACHE": str(CACHE), **environ},
    )  # fmt: skip


def skip_without_parts() -> None:
    """Skip the test where a program that a stack needs is not installed, and name what installs it."""
    if lacking := missing(CACHE, Machine()):
        names, packages = zip(*lacking, strict=True)
        pytest.skip(f"{', '.join(names)} not installed (apt-get install {' '.join(packages)})")
