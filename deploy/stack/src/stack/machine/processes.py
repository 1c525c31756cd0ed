"""Processes of the stack: started into groups of their own, identified by process id and start time.

An id alone is not enough: the system gives it to another process after ours has ended. Before a signal is
sent, the start time is compared (Linux: from /proc).
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from common.files.private import OTHERS, open_private, private_folder
from stack.machine.places import as_user

STOP_SECONDS: Final = 30.0
KILL_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.05
_PROC: Final = Path("/proc")
_BOOT: Final = _PROC / "sys/kernel/random/boot_id"
# Fields of /proc/<pid>/stat after the name in brackets: state, parent, group, …, start in clock ticks since the boot.
_STATE, _GROUP, _START = 0, 2, 19


class Program(BaseModel):
    """A program to start: its command, the variables added to the caller's environment, and the URL of its `/readyz`.

    `owner` is the user that it runs as, None for the caller's own user.
    """

    name: str
    kind: str
    argv: list[str]
    environ: dict[str, str] = {}
    url: str | None = None
    owner: str | None = None


class Process(BaseModel):
    """A program that was started: `boot` and `ticks` distinguish it from a later process with the same id."""

    program: Program
    pid: int
    boot: str
    ticks: int
    log: str
    by: int = signal.SIGTERM

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.name

    @property
    def is_alive(self) -> bool:
        """Whether the process or, after its end, another process of its group runs."""
        return bool(_group(self))


def start(program: Program, *, environ: Mapping[str, str], log: Path) -> tuple[Process, "subprocess.Popen[bytes]"]:
    """Start a program that writes to the log file; `environ` is the caller's, to which the program's is added."""
    private_folder(log.parent)
    with open_private(log, "ab") as output:
        child = subprocess.Popen(  # noqa: S603 -- our own arguments
            program.argv,
            env={**environ, **program.environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=OTHERS,
            **as_user(program.owner),
        )
    return known(program, child.pid, log=log), child


def known(program: Program, pid: int, *, log: Path, by: signal.Signals = signal.SIGTERM) -> Process:
    """Return a process that runs already; `by` is the signal to end it. Raises ProcessLookupError when it is gone."""
    fields = _stat(pid)
    if fields is None:
        raise ProcessLookupError(f"{program.name}, process {pid}, is gone")
    return Process(program=program, pid=pid, boot=_boot(), ticks=int(fields[_START]), log=str(log.resolve()), by=by)


def stop(processes: Sequence[Process], *, within: float = STOP_SECONDS) -> list[Process]:
    """End these processes together, each by its signal, later by force; returns those that were ended by force.

    Raises TimeoutError with the names of those that still run.
    """
    for process in processes:
        _signal(process, signal.SIGCONT)
        _signal(process, signal.Signals(process.by))
    forced = _living(processes, within=within)
    for process in forced:
        _signal(process, signal.SIGKILL, whole=True)
    if left := _living(forced, within=KILL_SECONDS):
        raise TimeoutError(f"cannot be ended: {named(left)}")
    return forced


def named(processes: Sequence[Process]) -> str:
    """Return the names of processes, each with its id."""
    return ", ".join(f"{one.name} (process {one.pid})" for one in processes)


def _living(processes: Sequence[Process], *, within: float) -> list[Process]:
    """Wait until all have ended or the time is up; returns those that are left."""
    until = time.monotonic() + within
    while (left := [process for process in processes if process.is_alive]) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)  # polls until its deadline: another process cannot set an event of ours
    return left


def _signal(process: Process, what: signal.Signals, *, whole: bool = False) -> None:
    found = _group(process)
    for pid in found if whole or process.pid not in found else [process.pid]:
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            continue


def _group(process: Process) -> list[int]:
    """Return the living processes of its group, none when its id now belongs to another process.

    The system does not reuse an id while a group has it, so a group whose leader has ended is still ours.
    """
    if process.boot != _boot():
        return []
    leader = _stat(process.pid)
    if leader is not None and int(leader[_START]) != process.ticks:
        return []
    found = []
    for folder in _PROC.glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if fields and int(fields[_GROUP]) == process.pid and fields[_STATE] not in "ZX":
            found.append(int(folder.name))
    return found


def _stat(pid: int) -> list[str] | None:
    try:
        return (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _boot() -> str:
    return _BOOT.read_text("ascii").strip()
