"""The two clocks. `SystemClock` is for tokens, leases, retries and ids; `LegalClock` for every date with legal effect.

The demo can move the legal clock, forward only. Its offset lies in a file that all processes share, is on disk before
`advance_to` returns, and is looked at each time, so that no process goes on with an old one.
"""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from common.errors import Refused

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
DEMO_START: Final = datetime(2015, 10, 8, 9, 0, tzinfo=SHANGHAI)
"""Where the demo's legal clock begins: the first working day after the USCC came into being (1 October 2015)."""
_SETTLED_NS: Final = 1_000_000_000
"""Far longer than the steps in which a file system tells the time of a change."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class ClockGoesForward(Refused):
    """The legal clock is never moved back: what has been decided would lie in the future."""

    code = "clock-goes-forward"
    zh = "法定时钟只能向前调整,当前为 {now_at}。"
    en = "The legal clock only goes forward; it stands at {now_at}."


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class LegalClock:
    """The system's time plus the durable offset in `path`; a missing file means no offset.

    With `start`, the first process to come sets the clock to that instant, unless the file is there already. Without a
    path the offset lives in the object alone. Raises ValueError naming the file when its content is not an offset.
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

        Raises ClockGoesForward when the clock stands later than that already, OSError, with nothing changed, when the
        file cannot be written.
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
        # the file is only ever replaced; one that is this young could be followed by another under the same mark
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
        text = json.dumps({"offset_seconds": offset.total_seconds()})
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=self._path.parent, prefix=self._path.name, delete=False
        ) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(self._path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        sync_directory(self._path.parent)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes and threads from moving the clock between our look and our move."""
        if self._path is None:
            yield
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f"{self._path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def today(clock: Clock) -> date:
    """Return the date in Asia/Shanghai, which is the one that legal dates mean."""
    return clock.now().astimezone(SHANGHAI).date()


def sync_directory(path: Path) -> None:
    """Make renames in this directory survive a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(UTC)
