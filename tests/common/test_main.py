"""A process whose worker failed is of no use: it ends, so that whoever keeps it up begins it again."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from support.processes import free_port

DEADLINE = 60

PROGRAM = """
import asyncio
from dataclasses import replace
from datetime import timedelta

from common.main import main
from common.service import Job
from notifications_service.service import SERVICE


async def ends_as_if_it_had_been_cancelled(runtime):
    raise asyncio.CancelledError


main(replace(SERVICE, jobs=(Job(name="broken", every=timedelta(days=1), run=ends_as_if_it_had_been_cancelled),)))
"""


async def test_a_process_whose_worker_failed_ends_with_a_status_that_says_so(tmp_path: Path) -> None:
    environ = {**os.environ, "MINGPAI_DATA": str(tmp_path), "MINGPAI_PORT": str(free_port())}

    def ran(task: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-c", PROGRAM, task],
            check=False, env=environ, capture_output=True, text=True, timeout=DEADLINE,
        )  # fmt: skip

    assert (await asyncio.to_thread(ran, "migrate")).returncode == 0
    ended = await asyncio.to_thread(ran, "api")
    assert ended.returncode == 1, ended.stderr
    said = ended.stdout + ended.stderr
    assert "worker-ended" in said
    assert "was cancelled from within" in said
