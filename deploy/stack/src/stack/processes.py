"""Processes of the stack: started into groups of their own, known by id and start time, ended by both.

An id alone is not enough: the system gives it to another process once ours is gone. Whoever ends a process here has
seen that it still is the one that was started (Linux: from /proc).
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from stack.places import as_user

STOP_SECONDS: Final = 30.0
KILL_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.05
_PROC: Final = Path("/proc")
_BOOT: Final = _PROC / "sys/kernel/random/boot_id"
# Fields of /proc/<pid>/stat after the name in brackets: state, parent, group, …, start in clock ticks since the boot.
_STATE, _GROUP, _START = 0, 2, 19


class Program(BaseModel):
    """What is started: its command, what is added to the caller's environment, and where it says that it is ready.

    `owner` is the user that it runs as, None for whoever runs us.
    """

    name: str
    kind: str
    argv: list[str]
    environ: dict[str, str] = {}
    url: str | None = None
    owner: str | None = None


class Process(BaseModel):
    """A program that was started: `boot` and `ticks` tell it from a later process under the same id."""

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
        """Whether it runs, or others of its group do when it is gone."""
        return bool(_group(self))


def start(program: Program, *, environ: Mapping[str, str], log: Path) -> tuple[Process, "subprocess.Popen[bytes]"]:
    """Start a program whose words go to the log file; `environ` is the caller's, to which the program's is added."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 -- our own arguments
            program.argv,
            env={**environ, **program.environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **as_user(program.owner),
        )
    return known(program, child.pid, log=log), child


def known(program: Program, pid: int, *, log: Path, by: signal.Signals = signal.SIGTERM) -> Process:
    """Return a process that runs already; `by` asks it to end. Raises ProcessLookupError when it is gone."""
    fields = _stat(pid)
    if fields is None:
        raise ProcessLookupError(f"{program.name}, process {pid}, is gone")
    return Process(program=program, pid=pid, boot=_boot(), ticks=int(fields[_START]), log=str(log.resolve()), by=by)


def stop(processes: Sequence[Process], *, within: float = STOP_SECONDS) -> list[Process]:
    """End these together, by their signal and after that by force; returns those that had to be forced.

    Raises TimeoutError when one outlives even that.
    """
    for process in processes:
        _signal(process, signal.SIGCONT)
        _signal(process, signal.Signals(process.by))
    forced = _living(processes, within=within)
    for process in forced:
        _signal(process, signal.SIGKILL, whole=True)
    if left := _living(forced, within=KILL_SECONDS):
        raise TimeoutError(f"cannot be ended: {', '.join(f'{one.name} (process {one.pid})' for one in left)}")
    return forced


def _living(processes: Sequence[Process], *, within: float) -> list[Process]:
    """Wait until all are gone or the time is up; returns those that are left."""
    until = time.monotonic() + within
    while (left := [process for process in processes if process.is_alive]) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)  # looks again under its deadline: another process has no event of ours
    return left


def _signal(process: Process, what: signal.Signals, *, whole: bool = False) -> None:
    found = _group(process)
    for pid in found if whole or process.pid not in found else [process.pid]:
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            continue


def _group(process: Process) -> list[int]:
    """Return the living processes of its group, none when its id means another process by now.

    The system gives no id away while a group has that number, so a group without its leader still is ours.
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
