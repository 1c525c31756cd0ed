"""`make stack-down`: ends what `make stack` started, by id, and removes its data; what the processes said is kept."""

import shutil
from pathlib import Path
from typing import Final

from stack.places import shared_folder
from stack.processes import Process, stop
from stack.record import FILE, Record, alone, recorded

ORDER: Final = ("gateway", "api", "worker", "front", "migrate", "topics", "kafka", "postgres")
"""Who ends before whom: no request arrives at a service that has gone, no service misses what it stands on."""

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

    Returns how many processes ran and which had to be forced. Raises StackBusyError, and TimeoutError for a process
    that cannot be ended; then its data stays.
    """
    with alone(data):
        found = recorded(data)
        running = [] if found is None else found.living
        forced = [] if found is None else end(found)
        if found is not None:
            remove(data)
        return len(running), forced


def end(record: Record) -> list[Process]:
    """End the processes on record, kind after kind, and keep what they said; returns those that had to be forced."""
    forced = []
    for kind in ORDER:
        forced += stop([process for process in record.living if process.program.kind == kind])
    logs = Path(record.data) / LOGS
    logs.mkdir(exist_ok=True)
    for process in record.processes:
        said = Path(process.log)
        if said.parent != logs and said.exists():
            shutil.copyfile(said, logs / f"{process.name}.log")
    return forced


def kept(data: Path) -> list[Path]:
    """Return what stands where a stack keeps its data, whoever put it there."""
    return [path for path in (*(data / name for name in OWNED), shared_folder(data)) if path.exists()]


def remove(data: Path) -> None:
    """Remove what a stack keeps, its record last, so that a removal that was cut off can be taken up; logs stay."""
    for path in sorted(kept(data), key=lambda path: path.name == FILE):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
