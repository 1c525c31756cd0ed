"""Processes are ended by id and start time, whole groups, by force only when they must."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.machine.processes import Process, Program, known, start, stop

IGNORING = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
ENDING = "import signal; print('up', flush=True); signal.pause()"
WITH_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {ENDING!r}]).wait()"


class Started:
    """Starts Python programs and leaves none behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.children: list[subprocess.Popen[bytes]] = []

    def __call__(self, code: str, **environ: str) -> Process:
        log = self._folder / f"{len(self.children)}.log"
        program = Program(name=log.stem, kind="test", argv=[sys.executable, "-c", code], environ=environ)
        process, child = start(program, environ=os.environ, log=log)
        self.children.append(child)
        until = time.monotonic() + 20
        while "up" not in log.read_text() and time.monotonic() < until:
            os.sched_yield()
        return process


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Started]:
    started = Started(tmp_path)
    yield started
    for child in started.children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait(10)


def test_a_process_ends_at_its_signal(run: Started) -> None:
    process = run(ENDING)
    assert process.is_alive

    assert stop([process]) == []

    assert not process.is_alive
    assert run.children[0].wait(10) == -signal.SIGTERM


def test_a_process_that_ignores_its_signal_is_killed_and_named(run: Started) -> None:
    ignoring, ending = run(IGNORING), run(ENDING)

    assert stop([ignoring, ending], within=0.2) == [ignoring]

    assert run.children[0].wait(10) == -signal.SIGKILL


def test_a_paused_process_ends_too(run: Started) -> None:
    process = run(ENDING)
    os.kill(process.pid, signal.SIGSTOP)

    assert stop([process]) == []

    assert not process.is_alive


def test_what_a_killed_process_left_of_its_group_is_ended(run: Started) -> None:
    process = run(WITH_CHILD)
    os.kill(process.pid, signal.SIGKILL)
    run.children[0].wait(10)
    assert process.is_alive

    stop([process])

    assert not process.is_alive


def test_another_process_under_the_same_id_is_left_alone(run: Started) -> None:
    process = run(ENDING)
    later = process.model_copy(update={"ticks": process.ticks - 1})
    rebooted = process.model_copy(update={"boot": "another"})

    stop([later, rebooted], within=0.1)

    assert not later.is_alive
    assert not rebooted.is_alive
    assert process.is_alive


def test_a_process_gets_its_own_environment_beside_the_callers(run: Started, tmp_path: Path) -> None:
    run("import os; print(os.environ['OWN'], os.environ['PATH'], 'up', flush=True)", OWN="its own")

    assert (tmp_path / "0.log").read_text() == f"its own {os.environ['PATH']} up\n"


def test_a_process_is_known_again_from_what_was_written_down(run: Started, tmp_path: Path) -> None:
    process = run(ENDING)

    again = Process.model_validate_json(process.model_dump_json())

    assert again == process == known(process.program, process.pid, log=tmp_path / "0.log")
    assert again.is_alive


def test_a_process_that_is_gone_cannot_be_noted(run: Started, tmp_path: Path) -> None:
    process = run(ENDING)
    stop([process])
    run.children[0].wait(10)

    with pytest.raises(ProcessLookupError, match="is gone"):
        known(process.program, process.pid, log=tmp_path / "log")
