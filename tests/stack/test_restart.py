"""Restarting processes of a stack in turn: each is the same as before, and ready before the next one ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from stack.cli import cli
from stack.commands.restart import start_again
from stack.machine.ports import free_ports
from stack.machine.processes import Process, Program, start, stop
from stack.machine.record import Record, UnknownProcessError, recorded
from stack.machine.starting import Started, StartFailedError

SERVING = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ.get("GIVEN", "nothing").encode())
if "GIVEN" in os.environ and os.environ["GIVEN"] == "to die":
    sys.exit("as the test demands")
HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""
NAMES = ("registry-worker-1", "registry-api-1", "registry-api-2", "front")


class SmallStack:
    """Processes that answer that they are ready and which setting they were given; none is left running."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.children: list[subprocess.Popen[bytes]] = []
        self.record = Record(url="http://127.0.0.1:9", data=str(data), started_at=datetime(2026, 11, 23, tzinfo=UTC))
        for name, port in zip(NAMES, free_ports(len(NAMES)), strict=True):
            program = Program(
                name=name,
                kind=name.split("-")[1] if "-" in name else name,
                argv=[sys.executable, "-c", SERVING, str(port)],
                environ={"OWN": "kept"},
                url=f"http://127.0.0.1:{port}",
            )
            process, child = start(program, environ=os.environ, log=data / "logs" / f"{name}.log")
            self.children.append(child)
            self.record.add(process)

    def keep(self, started: Started | None) -> Process:
        """Note the child of a process, to be ended."""
        assert started is not None
        self.children.append(started[1])
        return started[0]

    def stop(self) -> None:
        """End whatever is on record now, also what a command of its own started."""
        record = recorded(self._data)
        assert record is not None
        stop(record.living)

    @property
    def pids(self) -> dict[str, int]:
        """Return the processes on record."""
        record = recorded(self._data)
        assert record is not None
        return {process.name: process.pid for process in record.living}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallStack]:
    stack = SmallStack(tmp_path)
    yield stack
    stack.stop()
    for child in stack.children:
        child.wait(10)


def restarted(data: Path, *names: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-m", "stack", "restart", *names, "--data", str(data)],
        check=False, timeout=60, capture_output=True, text=True,
    )  # fmt: skip


def setting_of(process: Process) -> str:
    return httpx.get(f"{process.program.url}/setting").text


def test_every_api_and_worker_is_restarted_in_turn_and_nothing_else(small: SmallStack, tmp_path: Path) -> None:
    before = small.pids

    done = restarted(tmp_path)

    assert done.returncode == 0, done.stderr
    said = [line.partition(" s  ")[2] for line in done.stdout.splitlines()]
    assert said == [f"{name} {what}" for name in NAMES[:3] for what in ("ends", "is ready")]
    after = small.pids
    assert after.keys() == before.keys()
    assert [name for name in NAMES if after[name] == before[name]] == ["front"]


def test_one_that_was_killed_or_frozen_comes_back_as_what_it_was_when_it_is_named(
    small: SmallStack, tmp_path: Path
) -> None:
    before = small.record.processes
    os.kill(small.pids["registry-api-1"], signal.SIGKILL)
    os.kill(small.pids["registry-api-2"], signal.SIGSTOP)

    done = restarted(tmp_path, "registry-api-1", "registry-api-2")

    assert (done.returncode, "by force" in done.stdout) == (0, False)
    record = recorded(tmp_path)
    assert record is not None
    changed = [(old, new) for old, new in zip(before, record.processes, strict=True) if old != new]
    assert [(old.name, old.is_alive, new.is_alive) for old, new in changed] == [
        ("registry-api-1", False, True),
        ("registry-api-2", False, True),
    ]
    assert [(old.program, old.log) for old, _ in changed] == [(new.program, new.log) for _, new in changed]


def test_an_unknown_name_stops_nothing_and_the_known_names_are_listed(small: SmallStack, tmp_path: Path) -> None:
    before = small.pids

    refused = CliRunner().invoke(cli, ["restart", "registry-api-1", "registry-api-9", "--data", str(tmp_path)])

    assert refused.exit_code == 2
    assert f"has no process registry-api-9; it has: {', '.join(NAMES)}" in refused.output
    assert small.pids == before


def test_a_restart_without_a_stack_is_refused(tmp_path: Path) -> None:
    refused = CliRunner().invoke(cli, ["restart", "--data", str(tmp_path)])

    assert (refused.exit_code, f"no stack runs with {tmp_path}" in refused.output) == (2, True)


def test_a_setting_given_at_a_restart_holds_for_that_restart_only(small: SmallStack) -> None:
    record = small.record
    stop([record.process("registry-api-1")])

    once = small.keep(start_again(record, "registry-api-1", environ={**os.environ, "GIVEN": "a failpoint"}))
    assert setting_of(once) == "a failpoint"
    stop([once])
    again = small.keep(start_again(record, "registry-api-1", environ=os.environ))

    assert setting_of(again) == "nothing"
    assert once.program == again.program


def test_a_process_that_does_not_start_again_is_named_with_the_end_of_its_log(small: SmallStack) -> None:
    stop([small.record.process("registry-api-1")])

    with pytest.raises(StartFailedError, match=r"^registry-api-1 ended with status 1: as the test demands\n$"):
        start_again(small.record, "registry-api-1", environ={**os.environ, "GIVEN": "to die"})


def test_nobody_unknown_is_started(small: SmallStack) -> None:
    with pytest.raises(UnknownProcessError, match="has no process postgres"):
        start_again(small.record, "postgres", environ=os.environ)
