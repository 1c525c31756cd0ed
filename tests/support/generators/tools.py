"""The tools of other languages: found or the test is skipped with what installs them; each run has a deadline."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

RUN_SECONDS = 90
DOWNLOAD_SECONDS = 300


def tool(name: str, package: str) -> str:
    """Return where a program is; skips the test where it is not, naming the package that has it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {package}")
    return found


def ran(*command: object, cwd: Path, environ: Mapping[str, str] | None = None, seconds: float = RUN_SECONDS) -> str:
    """Run a program to its end and return what it printed; fails the test with all of it unless it succeeds in time."""
    said = subprocess.run(  # noqa: S603 -- our own command
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(environ or {})},
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert said.returncode == 0, f"{command[0]} ended with {said.returncode}\n{said.stdout}\n{said.stderr}"
    return said.stdout
