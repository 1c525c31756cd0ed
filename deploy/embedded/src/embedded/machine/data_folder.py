"""One process at a time uses a data folder: it locks DATA/run.lock, and DATA/run.json says where it listens."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from common.files.atomic import write_durably
from common.files.private import open_private, private_folder

_RECORD: Final = "run.json"
_LOCK: Final = "run.lock"


class Run(BaseModel):
    """The address and the process of a running platform."""

    url: str
    data: str
    profile: str
    pid: int
    started_at: datetime


class DataInUseError(Exception):
    """Another process uses this data folder."""

    def __init__(self, data: Path, owner: Run | None) -> None:
        who = f"process {owner.pid} at {owner.url}" if owner else "another process"
        super().__init__(f"{data} is in use by {who}; stop it first, or choose another directory with DATA=")


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Lock the data folder until the block ends or the process dies. Raises DataInUseError."""
    private_folder(data)
    # Mode "a" makes a missing file and does not change an existing one.
    with open_private(data / _LOCK, "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataInUseError(data, recorded(data)) from error
        yield


def is_locked(data: Path) -> bool:
    """Return whether a process uses the data folder."""
    if not (data / _LOCK).exists():
        return False
    try:
        with locked(data):
            return False
    except DataInUseError:
        return True


@contextmanager
def recording(data: Path, *, url: str, profile: str, started_at: datetime) -> Iterator[Run]:
    """Write DATA/run.json, and remove it when the block ends."""
    run = Run(url=url, data=str(data.resolve()), profile=profile, pid=os.getpid(), started_at=started_at)
    record = data / _RECORD
    write_durably(record, run.model_dump_json().encode())
    try:
        yield run
    finally:
        record.unlink(missing_ok=True)


def recorded(data: Path) -> Run | None:
    """Return the content of DATA/run.json, None without it; a killed process leaves the file (see `is_locked`)."""
    try:
        return Run.model_validate_json((data / _RECORD).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
