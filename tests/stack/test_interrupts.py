"""Ctrl-C while a stack starts: however often it comes, nothing that was started is left running."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.commands.down import down
from stack.machine.interrupts import Interrupts
from stack.machine.places import shared_folder
from support.messaging.kafka import CACHE
from support.service.waiting import eventually, let_pass
from support.stack.commands import skip_without_parts

START_SECONDS = 90.0
END_SECONDS = 90.0
BETWEEN_SECONDS = 0.4


class Starting:
    """`make stack` in a process group of its own, as a terminal gives it one."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._said = data / "said"
        data.mkdir()
        with self._said.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 -- our own module
                [sys.executable, "-m", "stack", "up", "--no-journey", "--data", str(data)],
                stdout=output, stderr=output, process_group=0, env={**os.environ, "STACK_CACHE": str(CACHE)},
            )  # fmt: skip

    @property
    def output(self) -> str:
        """What it wrote."""
        return self._said.read_text("utf-8", "replace")

    def interrupt(self) -> None:
        """Send what a terminal sends on Ctrl-C: SIGINT to every process of the group."""
        os.killpg(self._process.pid, signal.SIGINT)

    def status(self) -> int:
        """Wait for its end and return its exit status."""
        return self._process.wait(END_SECONDS)

    def remove(self) -> None:
        """End whatever is left of it."""
        self._process.kill()
        self._process.wait(END_SECONDS)
        down(self.data)


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[Starting]:
    """Provide a stack that is being started."""
    skip_without_parts()
    one = Starting(tmp_path / "data")
    yield one
    one.remove()


def processes_that_name(folder: Path) -> list[str]:
    """Return the command lines of all running processes that mention a folder, no matter who started them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(folder) in command:
            found.append(command)
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("line", ["PostgreSQL, a database and two roles per service", "the Kafka broker"])
async def test_ctrl_c_three_times_ends_everything_that_was_started(starting: Starting, line: str) -> None:
    async def has_come_to_it() -> bool:
        return re.search(rf"(?m) s  {line}(?!'s)", starting.output) is not None

    await eventually(has_come_to_it, deadline=START_SECONDS)
    for _ in range(3):
        starting.interrupt()
        await let_pass(BETWEEN_SECONDS)

    assert starting.status() == 130, starting.output
    assert starting.output.splitlines()[-1] == "interrupted; all that was started has ended"
    assert processes_that_name(starting.data) == []
    assert processes_that_name(shared_folder(starting.data)) == []


def test_only_the_first_signal_raises() -> None:
    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt), interrupts.raising():
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)


def test_a_signal_before_the_start_prevents_it() -> None:
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt), interrupts.raising():
            pytest.fail("it was started")


def test_a_step_that_must_be_recorded_is_finished_first() -> None:
    done = []

    def interrupted_step(interrupts: Interrupts) -> None:
        with interrupts.raising():
            with interrupts.delayed():
                signal.raise_signal(signal.SIGINT)
                done.append("recorded")
            done.append("continued")

    with Interrupts() as interrupts, pytest.raises(KeyboardInterrupt):
        interrupted_step(interrupts)
    assert done == ["recorded"]


def test_the_failure_of_a_step_that_was_interrupted_is_an_interruption() -> None:
    def failing_step(interrupts: Interrupts) -> None:
        with interrupts.raising(), interrupts.delayed():
            signal.raise_signal(signal.SIGINT)
            raise OSError

    with Interrupts() as interrupts, pytest.raises(KeyboardInterrupt):
        failing_step(interrupts)


def test_the_handlers_from_before_are_back_afterwards() -> None:
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    with Interrupts():
        pass
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before
