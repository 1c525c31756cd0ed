"""`make stack-down`: ends the processes that `make stack` started, and removes their data; their logs are kept."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from common.files.private import private_file, private_folder
from stack.machine.places import shared_folder
from stack.machine.processes import Process, named, stop
from stack.machine.record import FILE, Record, alone, recorded

ORDER: Final = ("gateway", "api", "worker", "front", "migrate", "topics", "kafka", "postgres")
"""The order in which kinds of processes end: no request reaches a service that has ended, and no service loses its
database or broker before it ends."""

LOGS: Final = "logs"
OWNED: Final = (
    "postgres",
    "kafka",
    "gateway",
    "files",
    "mail",
    "issuer.json",
    "demo-clock.json",
    "demo-clock.json.lock",
    FILE,
)


def down(data: Path) -> tuple[int, list[Process]]:
    """End the stack of this data folder and remove its data.

    Returns the number of processes that ran, and those that had to be killed. Raises StackBusyError, or TimeoutError
    when a process cannot be ended; then its data stays.
    """
    with alone(data):
        found = recorded(data)
        running = [] if found is None else found.living
        forced = [] if found is None else end(found)
        if found is not None:
            remove(data)
        return len(running), forced


def end(record: Record) -> list[Process]:
    """End the processes on record, kind after kind, and keep their logs; returns those that had to be killed.

    Raises TimeoutError that names those that cannot be ended, after all others have ended.
    """
    forced = []
    for kind in ORDER:
        with suppress(TimeoutError):
            forced += stop([process for process in record.living if process.program.kind == kind])
    if left := record.living:
        raise TimeoutError(f"cannot be ended: {named(left)}")
    logs = Path(record.data) / LOGS
    private_folder(logs)
    for process in record.processes:
        said = Path(process.log)
        if said.parent != logs and said.exists():
            shutil.copyfile(said, private_file(logs / f"{process.name}.log"))
    return forced


def kept(data: Path) -> list[Path]:
    """Return the files and folders at the paths where a stack stores its data."""
    return [path for path in (*(data / name for name in OWNED), shared_folder(data)) if path.exists()]


def remove(data: Path) -> None:
    """Remove the data of a stack, its record last, so that an interrupted removal can be repeated; logs stay."""
    for path in sorted(kept(data), key=lambda path: path.name == FILE):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
