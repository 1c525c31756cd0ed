"""The clock of every date with legal effect; the demo can move it, forward only.

Its offset is in a file that all processes share, is on disk before `advance_to` returns, and is read at each call of
`now`, so that no process uses an old offset.
"""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from common.files.atomic import write_durably
from common.files.private import open_private, private_folder
from common.kernel.clock import SHANGHAI, Clock
from common.process.refusals import ClockGoesForward

DEMO_START: Final = datetime(2015, 10, 8, 9, 0, tzinfo=SHANGHAI)
"""The first instant of the demo's legal clock: the first working day after the USCC was introduced (1 October 2015)."""
_SETTLED_NS: Final = 1_000_000_000
"""Longer than the resolution of change times: a file that replaces an older file has another change time."""


class LegalClock:
    """The system's time plus the durable offset in `path`; a missing file means no offset.

    With `start`, the first process to start sets the clock to that instant, unless the file exists. Without a path the
    offset is stored in the object only. Raises ValueError naming the file when its content is not an offset.
    """

    def __init__(self, path: Path | None, system: Clock, *, start: datetime | None = None) -> None:
        self._path = path
        self._system = system
        self._in_memory = timedelta()
        self._read: tuple[tuple[int, int], timedelta] | None = None
        if start is not None:
            self._begin(_aware(start))

    def now(self) -> datetime:
        """Return the legal instant, aware, in UTC."""
        return self._system.now() + self._offset()

    def advance_to(self, at: datetime) -> None:
        """Move the clock forward to `at` (aware), durably and for every process that shares the file.

        Raises ClockGoesForward when the clock is already later than that. Raises OSError when the file cannot be
        written; then nothing has changed.
        """
        at = _aware(at)
        with self._alone():
            now = self.now()
            if at < now:
                raise ClockGoesForward(now_at=now.isoformat())
            self._store(at - self._system.now())

    def _begin(self, start: datetime) -> None:
        with self._alone():
            if self._path is None or not self._path.exists():
                self._store(start - self._system.now())

    def _offset(self) -> timedelta:
        if self._path is None:
            return self._in_memory
        try:
            entry = self._path.stat()
            mark = (entry.st_ino, entry.st_mtime_ns)
            if self._read is not None and self._read[0] == mark:
                return self._read[1]
            offset = self._stored(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return timedelta()
        # a new offset replaces the file; when this file is very young, its replacement could have the same mark, so it
        # is read again at the next call
        self._read = (mark, offset) if time.time_ns() - entry.st_mtime_ns > _SETTLED_NS else None
        return offset

    def _stored(self, text: str) -> timedelta:
        try:
            return timedelta(seconds=json.loads(text)["offset_seconds"])
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"{self._path} does not hold a clock offset") from error

    def _store(self, offset: timedelta) -> None:
        if self._path is None:
            self._in_memory = offset
            return
        write_durably(self._path, json.dumps({"offset_seconds": offset.total_seconds()}).encode())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes and threads from moving the clock while this one reads and moves it."""
        if self._path is None:
            yield
            return
        private_folder(self._path.parent)
        with open_private(self._path.with_name(f"{self._path.name}.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(UTC)
