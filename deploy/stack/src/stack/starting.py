"""Programs that were started and are to stay: each is waited for until it is ready, with a deadline for all."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

import httpx

from stack.kafka.broker import ADMIN, KIND as KAFKA, is_answering, login
from stack.processes import Process
from stack.record import BROKER, Record
from stack.status import is_ready

READY_SECONDS: Final = 180.0
ANSWER_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.1
_TAIL: Final = 1500

Started: TypeAlias = tuple[Process, "subprocess.Popen[bytes]"]


class StartFailedError(Exception):
    """A part did not start; the text says which, why, and ends with what it said last."""


def wait_until_ready(record: Record, started: Sequence[Started], *, within: float = READY_SECONDS) -> None:
    """Wait until each is ready. Raises StartFailedError naming the first that ends or is late."""
    until = time.monotonic() + within
    waiting = list(started)
    with httpx.Client(timeout=ANSWER_SECONDS) as client:
        while waiting := [one for one in waiting if not _answers(record, one[0], client)]:
            for process, child in waiting:
                if (status := child.poll()) is not None:
                    raise StartFailedError(f"{process.name} ended with status {status}: {last_words(process)}")
            if time.monotonic() > until:
                late = ", ".join(process.name for process, _ in waiting)
                words = last_words(waiting[0][0])
                raise StartFailedError(f"not ready after {within:.0f} s: {late}; it said last: {words}")
            time.sleep(LOOK_SECONDS)  # looks again under its deadline: another process has no event of ours


def last_words(process: Process) -> str:
    """Return what a process said last."""
    return Path(process.log).read_text("utf-8", "replace")[-_TAIL:]


def _answers(record: Record, process: Process, client: httpx.Client) -> bool:
    if process.program.kind == KAFKA:
        return is_answering(login(record.kafka, ADMIN, record.password(BROKER, ADMIN) or ""))
    return is_ready(process.program.url, client)
