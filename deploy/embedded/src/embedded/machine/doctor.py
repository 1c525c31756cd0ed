"""Reports what is wrong with a machine and how to repair it, before anything is installed.

It uses only the standard library and no syntax newer than Python 3.8, so that a Python that is too old can run it:
`PYTHONPATH=deploy/embedded/src:libs/common/src python3 -m embedded.machine.doctor`.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from common.files.private import readable_by_others
from common.storage.database.mounts import HOST_FILE_SYSTEMS, MOUNTS, NETWORK_FILE_SYSTEMS, file_system_of

PYTHON = (3, 11)
SQLITE = (3, 35, 0)
DISK_BYTES = 1024**3
EARLIEST = 1_790_000_000  # September 2026: a clock with an earlier time was never set


class Finding(NamedTuple):
    """The result of one check: its name, whether it passed, the finding and how to repair it."""

    check: str
    ok: bool
    found: str
    mend: str


def examine(port: int, data: Path, *, disk_bytes: int = DISK_BYTES, mounts: Path = MOUNTS) -> list[Finding]:
    """Run every check and return the findings in order; nothing is changed."""
    checks: list[Callable[[], Finding]] = [
        _python,
        _venv,
        _tools,
        lambda: _port(port),
        lambda: _disk(data, disk_bytes),
        _sqlite,
        lambda: _data(data, mounts),
        lambda: _access(data),
        _clock,
        _zone,
    ]
    return [check() for check in checks]


def _python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        "python",
        sys.version_info[:2] >= PYTHON,
        found,
        "install Python 3.11 or newer and name it: make run PYTHON=python3.11",
    )


def _venv() -> Finding:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    return Finding(
        "venv",
        not missing,
        "missing: " + ", ".join(missing) if missing else "present",
        "install the package python3-venv of your system",
    )


def _tools() -> Finding:
    missing = [name for name in ("make", "git") if shutil.which(name) is None]
    return Finding(
        "tools",
        not missing,
        "missing: " + ", ".join(missing) if missing else "make and git present",
        "install " + " and ".join(missing),
    )


def _port(port: int) -> Finding:
    if sys.version_info[:2] < PYTHON:
        return Finding("port", True, "not checked until Python is new enough", "")
    from embedded.machine.ports import PortBusyError, take  # noqa: PLC0415 -- needs the Python version checked above

    try:
        take("127.0.0.1", port).close()
    except PortBusyError as busy:
        return Finding("port", False, f"{port} is taken by {busy.holder}", f"make run PORT={busy.free}")
    except OSError as error:
        return Finding("port", False, f"{port}: {error.strerror}", "choose a port above 1023 with PORT=")
    return Finding("port", True, f"{port} is free", "")


def _disk(data: Path, needed: int) -> Finding:
    free = shutil.disk_usage(str(_nearest(data))).free
    return Finding(
        "disk",
        free >= needed,
        f"{free // 1024**2} MB free for {data}",
        f"free at least {needed // 1024**2} MB, or choose another disk with DATA=",
    )


def _sqlite() -> Finding:
    version, options = _sqlite_build()
    wal = "OMIT_WAL" not in options
    return Finding(
        "sqlite",
        tuple(map(int, version.split("."))) >= SQLITE and wal,
        version if wal else version + ", built without WAL",
        "use a Python built with SQLite 3.35 or newer, or PostgreSQL by MINGPAI_DATABASE_URL",
    )


def _sqlite_build() -> tuple[str, list[str]]:
    """Return version and compile options of the SQLite that the platform uses: pysqlite3's, else Python's."""
    connect: Any = sqlite3.connect
    if importlib.util.find_spec("pysqlite3") is not None:
        from pysqlite3 import dbapi2  # noqa: PLC0415 -- missing before the installation

        connect = dbapi2.connect
    connection = connect(":memory:")
    try:
        version = connection.execute("SELECT sqlite_version()").fetchone()[0]
        return version, [row[0] for row in connection.execute("PRAGMA compile_options")]
    finally:
        connection.close()


def _data(data: Path, mounts: Path) -> Finding:
    folder = _nearest(data)
    kind = file_system_of(folder, mounts)
    if kind in NETWORK_FILE_SYSTEMS | HOST_FILE_SYSTEMS:
        return Finding("data", False, f"{data} is on a network disk ({kind})", "choose a local disk with DATA=")
    try:
        with tempfile.TemporaryFile(dir=str(folder)) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        mend = f"give yourself the right to write there (chown, chmod u+rwx {folder}), or choose another with DATA="
        return Finding("data", False, f"{data} cannot be written: {error.strerror}", mend)
    return Finding("data", True, f"{data} can be written", "")


def _access(data: Path) -> Finding:
    found = list(readable_by_others(data))
    return Finding(
        "access",
        not found,
        f"others may read {len(found)} files and folders in {data}, e.g. {found[0]}" if found else "for you alone",
        f"chmod -R go= {data}",
    )


def _clock() -> Finding:
    now = time.time()
    return Finding(
        "clock",
        now > EARLIEST,
        time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(now)),
        "set the system clock (timedatectl set-ntp true): tokens and certificates depend on it",
    )


def _zone() -> Finding:
    try:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 -- not in Python 3.8

        ZoneInfo("Asia/Shanghai")
    except (ImportError, LookupError):
        return Finding("zone", False, "Asia/Shanghai is unknown", "install the package tzdata of your system")
    return Finding("zone", True, "Asia/Shanghai is known", "")


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists."""
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path


def report(findings: list[Finding]) -> str:
    """Return the findings as lines of text, each failed check followed by its remedy."""
    lines = []
    for finding in findings:
        lines.append(f"{'ok  ' if finding.ok else 'BAD '} {finding.check:<7} {finding.found}")
        if not finding.ok:
            lines.append(f"             mend: {finding.mend}")
    bad = sum(not finding.ok for finding in findings)
    lines.append(f"{bad} of {len(findings)} need mending" if bad else "this machine is fit")
    return "\n".join(lines)


def main() -> int:
    """Print the findings; return 1 when something needs mending."""
    parser = argparse.ArgumentParser(description="Say what is wrong with this machine and how to mend it.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=Path("./var"))
    given = parser.parse_args()
    findings = examine(given.port, given.data)
    print(report(findings))  # noqa: T201 -- this is what the command is for
    return 0 if all(finding.ok for finding in findings) else 1


if __name__ == "__main__":
    sys.exit(main())
