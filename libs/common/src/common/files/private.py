"""The only place where files and folders of the platform are made: for their owner alone, as they hold personal data.

It uses only the standard library and no syntax newer than Python 3.8, because `make doctor` reads it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

FOLDER = 0o700
FILE = 0o600
OTHERS = 0o077
"""The rights of everybody but the owner."""


def private_folder(path: Path) -> Path:
    """Make the folder and those missing above it, and return it; a folder that exists is left as it is."""
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir(mode=FOLDER, exist_ok=True)
    return path


def open_private(path: Path, mode: str, **options: Any) -> IO[Any]:  # noqa: ANN401 -- as the built-in `open`
    """Open a file as `open` does; if that makes the file, its owner alone may read it."""
    return open(path, mode, opener=partial(os.open, mode=FILE), **options)


def private_file(path: Path) -> Path:
    """Make an empty file unless it exists, and return its path."""
    open_private(path, "ab").close()
    return path


def readable_by_others(folder: Path) -> Iterator[Path]:
    """Yield the folder and everything below it that others than the owner may read, write or enter."""
    for path in (folder, *sorted(folder.rglob("*"))) if folder.exists() else ():
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # removed meanwhile
            continue
        if not stat.S_ISLNK(mode) and mode & OTHERS:
            yield path
