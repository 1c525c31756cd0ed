import asyncio
import os
import sys
from pathlib import Path

import pytest

from support.service.summary import TESTS
from support.service.waiting import eventually

WAITING = """
import pathlib, signal, pytest

PLACE = pathlib.Path("server")

@pytest.fixture(scope="session")
def server():
    PLACE.touch()
    yield
    PLACE.unlink()

def test_waits(server):
    PLACE.with_name("up").touch()
    signal.pause()
"""


@pytest.mark.parametrize("workers", [0, 1])
async def test_what_a_run_made_is_removed_when_it_is_terminated(tmp_path: Path, workers: int) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (tmp_path / "conftest.py").write_text(
        "from support.service.ending import end_in_order as pytest_configure\n", "utf-8"
    )
    (tmp_path / "test_waits.py").write_text(WAITING, "utf-8")
    environ = {**os.environ, "PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "xdist", "-n", str(workers)]
    run = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=environ, stdout=asyncio.subprocess.DEVNULL)

    async def is_up() -> bool:
        return (tmp_path / "up").exists()

    async def is_gone() -> bool:
        return not (tmp_path / "server").exists()

    try:
        await eventually(is_up)
        run.terminate()
        async with asyncio.timeout(60):
            assert await run.wait() == pytest.ExitCode.INTERRUPTED
        await eventually(is_gone)
    finally:
        if run.returncode is None:
            run.kill()
