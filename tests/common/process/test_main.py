"""A process whose worker failed is useless: it ends, so that its supervisor restarts it."""

from pathlib import Path

from support.service.processes import free_port, python_ran

PROGRAM = """
import asyncio
from dataclasses import replace
from datetime import timedelta

from common.process.main import main
from common.service import Job
from notifications_service.service import SERVICE


async def ends_as_if_it_had_been_cancelled(runtime):
    raise asyncio.CancelledError


main(replace(SERVICE, jobs=(Job(name="broken", every=timedelta(days=1), run=ends_as_if_it_had_been_cancelled),)))
"""


def test_a_process_whose_worker_failed_ends_with_a_status_that_says_so(tmp_path: Path) -> None:
    environ = {"MINGPAI_DATA": str(tmp_path), "MINGPAI_PORT": str(free_port())}
    assert python_ran("-c", PROGRAM, "migrate", environ=environ).returncode == 0
    ended = python_ran("-c", PROGRAM, "api", environ=environ)
    assert ended.returncode == 1, ended.stderr
    said = ended.stdout + ended.stderr
    assert "worker-ended" in said
    assert "was cancelled from within" in said
