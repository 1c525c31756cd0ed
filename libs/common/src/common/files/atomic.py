"""Atomic, durable writes of small files: a temporary file is flushed to disk and renamed over the old file."""

import os
import secrets
from pathlib import Path

from common.files.private import open_private, private_folder


def write_durably(path: Path, content: bytes) -> None:
    """Replace the file by the content, completely or not at all, and flush content and name to disk. Raises OSError."""
    private_folder(path.parent)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open_private(beside, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Flush the renames in this directory to disk, so that they survive a power failure. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
