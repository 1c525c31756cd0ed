"""Small files that survive a kill: written beside, flushed to disk, then renamed over the old one."""

import os
import secrets
from pathlib import Path

from common.clock import sync_directory


def write_durably(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put the whole content at the path or nothing; when this returns it is on disk, name included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)
