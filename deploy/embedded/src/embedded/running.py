"""One process owns a data directory: DATA/run.lock holds it, DATA/run.json says where that process listens."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from embedded.durable import write_durably

_RECORD: Final = "run.json"
_LOCK: Final = "run.lock"


class Run(BaseModel):
    """Where a running platform is found."""

    url: str
    data: str
    profile: str
    pid: int
    started_at: datetime


class DataInUseError(Exception):
    """Another process works with this data directory."""

    def __init__(self, data: Path, owner: Run | None) -> None:
        who = f"process {owner.pid} at {owner.url}" if owner else "another process"
        super().__init__(f"{data} is in use by {who}; stop it first, or choose another directory with DATA=")


@contextmanager
def claimed(data: Path) -> Iterator[None]:
    """Hold the data directory until the block ends or the process dies. Raises DataInUseError."""
    data.mkdir(parents=True, exist_ok=True)
    # Appending opens an existing file as it is and makes a missing one.
    with (data / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataInUseError(data, recorded(data)) from error
        yield


def is_claimed(data: Path) -> bool:
    """Tell whether a process works with the data directory."""
    if not (data / _LOCK).exists():
        return False
    try:
        with claimed(data):
            return False
    except DataInUseError:
        return True


@contextmanager
def announced(data: Path, *, url: str, profile: str, started_at: datetime) -> Iterator[Run]:
    """Keep DATA/run.json while the block runs."""
    run = Run(url=url, data=str(data.resolve()), profile=profile, pid=os.getpid(), started_at=started_at)
    record = data / _RECORD
    write_durably(record, run.model_dump_json().encode())
    try:
        yield run
    finally:
        record.unlink(missing_ok=True)


def recorded(data: Path) -> Run | None:
    """Return what DATA/run.json says, None without it; a killed process leaves it behind (see `is_claimed`)."""
    try:
        return Run.model_validate_json((data / _RECORD).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
