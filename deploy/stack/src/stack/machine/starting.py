"""Waits for started processes until each is ready, with one deadline for all."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import httpx

from stack.commands.status import state_at
from stack.machine.processes import Process
from stack.machine.record import BROKER, Record
from stack.servers.kafka.broker import ADMIN, KIND as KAFKA, is_answering, login

READY_SECONDS: Final = 180.0
ANSWER_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.1
_TAIL: Final = 1500

Started: TypeAlias = tuple[Process, "subprocess.Popen[bytes]"]


class StartFailedError(Exception):
    """A part did not start; the text says which and why, and ends with the last lines of its log."""


def wait_until_ready(record: Record, started: Sequence[Started], *, within: float = READY_SECONDS) -> None:
    """Wait until each is ready. Raises StartFailedError for the first that ends, or at the deadline."""
    until = time.monotonic() + within
    waiting = list(started)
    with httpx.Client(timeout=ANSWER_SECONDS) as client:
        while waiting := [one for one in waiting if not _answers(record, one[0], client)]:
            for process, child in waiting:
                if (status := child.poll()) is not None:
                    raise StartFailedError(f"{process.name} ended with status {status}: {end_of_log(process)}")
            if time.monotonic() > until:
                late = ", ".join(process.name for process, _ in waiting)
                log = end_of_log(waiting[0][0])
                raise StartFailedError(f"not ready after {within:.0f} s: {late}; the log of the first ends with: {log}")
            time.sleep(LOOK_SECONDS)  # polls until its deadline: another process cannot set an event of ours


def end_of_log(process: Process) -> str:
    """Return the last lines of a process's log."""
    return Path(process.log).read_text("utf-8", "replace")[-_TAIL:]


def _answers(record: Record, process: Process, client: httpx.Client) -> bool:
    if process.program.kind == KAFKA:
        return is_answering(login(record.kafka, ADMIN, record.password(BROKER, ADMIN) or ""))
    url = process.program.url
    return url is not None and state_at(url, client).serves
