"""The whole distributed shape with real parts: up, the core path, one service lost, down, and nothing left."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from stack.machine.places import shared_folder
from stack.machine.record import Record, recorded
from stack.machine.requirements import Machine, missing
from support.messaging.kafka import CACHE

UP_SECONDS = 400
OURS = {"api", "worker", "front"}

pytestmark = pytest.mark.timeout(600)


def command(name: str, data: Path, *options: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "stack", name, "--data", str(data), *options],
        check=False, timeout=UP_SECONDS, capture_output=True, text=True,
        env={**os.environ, "STACK_CACHE": str(CACHE), **environ},
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """Provide a data folder whose stack is ended whatever the test does."""
    lacking = missing(CACHE, Machine())
    if lacking:
        names, packages = zip(*lacking, strict=True)
        pytest.skip(f"{', '.join(names)} not installed (apt-get install {' '.join(packages)})")
    yield tmp_path
    assert command("down", tmp_path).returncode == 0


def on_record(data: Path) -> Record:
    found = recorded(data)
    assert found is not None
    return found


def left(data: Path) -> set[str]:
    return {path.name for path in data.iterdir()}


def nobody_listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


async def test_the_stack_comes_up_plays_the_core_path_outlives_a_loss_and_leaves_nothing(data: Path) -> None:
    started = command("up", data)

    assert started.returncode == 0, started.stdout + started.stderr
    verdict = re.search(r"(?m)^PASS (\d+)/(\d+)$", started.stdout)
    assert verdict is not None
    assert verdict[1] == verdict[2]
    status: dict[str, Any] = json.loads(command("status", data, "--format", "json").stdout)
    assert status["ready"] is True
    assert len([one for one in status["processes"] if one["kind"] in OURS]) == 9

    second = command("up", data)
    assert (second.returncode, f"the stack at {status['url']} runs" in second.stderr) == (2, True)
    await registry_may_not_read_reviews_database(on_record(data))
    lose_one_service(on_record(data))

    record = on_record(data)
    assert command("down", data).returncode == 0
    assert record.living == []
    assert [one.name for one in record.processes if one.program.url and not nobody_listens(one.program.url)] == []
    assert left(data) == {"logs", "stack.lock"}
    assert not shared_folder(data).exists()


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


def test_a_start_that_fails_says_why_and_ends_what_it_started(data: Path) -> None:
    failed = command("up", data, REGISTRY_RATE_LIMIT="as many as you like")

    assert failed.returncode == 1
    assert "error: registry-migrate ended with status 2: registry: REGISTRY_RATE_LIMIT" in failed.stderr
    assert failed.stderr.endswith("\nFAIL\n")
    assert recorded(data) is None
    assert not shared_folder(data).exists()
    assert left(data) == {"logs", "stack.lock"}
    assert {"postgres.log", "kafka.log", "registry-migrate.log"} <= {path.name for path in (data / "logs").iterdir()}
