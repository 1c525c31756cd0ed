"""The whole distributed shape with real parts: up, the core path, one service lost, down, and nothing left.

It ends the stack whose data folder `STACK` names, so there it comes last; without `STACK` it starts one of its own.
"""

import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from rich.console import Console

from stack.commands.down import down
from stack.commands.status import status as look
from stack.commands.up import play_core_path
from stack.console import StackConsole
from stack.machine.places import shared_folder
from stack.machine.record import Record, recorded
from support.stack.commands import ran, skip_without_parts
from support.stack.running import FOLDER, RunningStack

OURS = {"api", "worker", "front"}


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """Provide the data folder of the stack; one that is started here is ended whatever the test does."""
    if FOLDER is not None:
        yield Path(FOLDER)
        return
    skip_without_parts()
    yield tmp_path
    down(tmp_path)


def on_record(data: Path) -> Record:
    found = recorded(data)
    assert found is not None
    return found


def left(data: Path) -> set[str]:
    return {path.name for path in data.iterdir()}


def nobody_listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


@pytest.mark.timeout(600)
async def test_the_stack_comes_up_plays_the_core_path_outlives_a_loss_and_leaves_nothing(data: Path) -> None:
    said = started(data) if FOLDER is None else await played(data)
    verdict = re.search(r"(?m)^PASS (\d+)/(\d+)$", said)
    assert verdict is not None
    assert verdict[1] == verdict[2]
    status: dict[str, Any] = json.loads(ran("status", data, "--format", "json").stdout)
    assert status["ready"] is True
    assert len([one for one in status["processes"] if one["kind"] in OURS]) == 9

    second = ran("up", data)
    assert (second.returncode, f"the stack at {status['url']} runs" in second.stderr) == (2, True)
    await registry_may_not_read_reviews_database(on_record(data))
    lose_one_service(on_record(data))

    record = on_record(data)
    assert ran("down", data).returncode == 0
    assert record.living == []
    assert [one.name for one in record.processes if one.program.url and not nobody_listens(one.program.url)] == []
    assert left(data) == {"logs", "stack.lock"}
    assert not shared_folder(data).exists()


def started(data: Path) -> str:
    """Start a stack, which plays the core path; returns what it said."""
    up = ran("up", data)
    assert up.returncode == 0, up.stdout + up.stderr
    return up.stdout


async def played(data: Path) -> str:
    """Play the core path on an emptied stack as its start would have; returns what is said then."""
    stack = RunningStack.at(data)
    await stack.begin_afresh()
    said = StringIO()
    console = StackConsole(Console(file=said))
    console.passed(look(on_record(data)), await play_core_path(stack.url, console))
    return said.getvalue()


async def registry_may_not_read_reviews_database(record: Record) -> None:
    url = record.databases["registry"].removesuffix("/registry") + "/review"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(url)


def lose_one_service(record: Record) -> None:
    """Kill the registry's only api: its nouns answer 503, nothing else does."""
    lost = next(one for one in record.processes if one.name == "registry-api-1")
    os.kill(lost.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while lost.is_alive and time.monotonic() < until:
        os.sched_yield()
    with httpx.Client(base_url=record.url, timeout=10) as client:
        answers = {path: client.get(path) for path in ("/v1/brands", "/v1/notices", "/v1/events", "/", "/readyz")}
    assert {path: answer.status_code for path, answer in answers.items()} == {
        "/v1/brands": 503,
        "/v1/notices": 200,
        "/v1/events": 200,
        "/": 200,
        "/readyz": 503,
    }
    assert answers["/v1/brands"].json()["code"] == "service-unavailable"
    services = answers["/readyz"].json()["services"]
    assert {name: state for name, state in services.items() if state != "ready"} == {
        "registry": f"api: {lost.program.url} does not answer"
    }
