"""Installs the locked packages and the members into .venv, for one `make` at a time: a second one waits for the first.

Run by the Makefile with any Python that the machine has: only the standard library, no syntax newer than Python 3.8.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

PYTHON = (3, 11)
LOCK = ".installing"  # not `.lock`: uv takes that one itself
WAIT_SECONDS = 600.0
LOOK_SECONDS = 0.2


def main() -> None:
    """Install unless another `make` has done it while this one waited."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stamp", type=Path, required=True, help="file whose time says when it was installed")
    parser.add_argument("--member", action="append", default=[], help="folder of a package of this repository")
    parser.add_argument("sources", nargs="+", type=Path, help="files that decide what is installed")
    given = parser.parse_args()
    if sys.version_info[:2] < PYTHON:
        sys.exit("Python 3.11 or newer is needed; name one with PYTHON=…")
    given.stamp.parent.mkdir(exist_ok=True)
    with (given.stamp.parent / LOCK).open("a+") as lock:
        wait_for(lock)
        if not is_current(given.stamp, given.sources):
            install(given.stamp.parent, given.member)
            given.stamp.touch()


def wait_for(lock) -> None:  # noqa: ANN001 -- its type has no name that Python 3.8 knows
    """Take the lock and write our process id into it. Exits when the other process needs longer than ten minutes."""
    until, waiting = time.monotonic() + WAIT_SECONDS, False
    while not taken(lock):
        if not waiting:
            lock.seek(0)
            print("waiting: process " + lock.read().strip() + " is installing into .venv", flush=True)
            waiting = True
        if time.monotonic() > until:
            sys.exit("another `make` has been installing into .venv for ten minutes; end it and try again")
        time.sleep(LOOK_SECONDS)  # polls until its deadline: another process cannot set an event of ours
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def taken(lock) -> bool:  # noqa: ANN001 -- as above
    """Try to take the lock; the system frees it when its holder ends, however it ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_current(stamp: Path, sources: list[Path]) -> bool:
    """Return whether the last installation is newer than everything that decides what is installed."""
    return stamp.exists() and all(source.stat().st_mtime <= stamp.stat().st_mtime for source in sources)


def install(venv: Path, members: list[str]) -> None:
    """Make the environment where it is missing and install into it. Exits when a step fails."""
    python, uv = venv / "bin" / "python", venv / "bin" / "uv"
    if not os.access(python, os.X_OK):
        run(sys.executable, "-m", "venv", venv)
    print("installing the locked packages into " + str(venv), flush=True)
    pip = (python, "-m", "pip", "--disable-pip-version-check", "-q", "install")
    run(*pip, "--require-hashes", "-r", "requirements-uv.lock")
    into = (uv, "pip", "install", "-q", "--python", python)
    run(*into, "--require-hashes", "-r", "requirements.lock")
    editable = [argument for member in members for argument in ("-e", member)]
    run(*into, "--no-deps", "--no-build-isolation", "--no-index", *editable)


def run(*command: object) -> None:
    """Run a command to its end. Exits with its status when it fails."""
    status = subprocess.call([str(part) for part in command])  # noqa: S603 -- our own arguments
    if status != 0:
        sys.exit(status)


if __name__ == "__main__":
    main()
