"""Removes what the platform keeps in its data directory, and nothing that it did not make."""

import shutil
from pathlib import Path
from typing import Final

OWNED: Final = (
    "*.db",
    "*.db-wal",
    "*.db-shm",
    "*.db.lock",
    "files",
    "mail",
    "issuer.json",
    "demo-clock.json",
    "demo-clock.json.lock",
    "journey.json",
    "run.json",
    "run.lock",
)


def owned(data: Path) -> list[Path]:
    """Return what stands in the directory and is ours, sorted."""
    return sorted({path for pattern in OWNED for path in data.glob(pattern)})


def remove(paths: list[Path]) -> None:
    """Delete files and folders; a link is removed, never what it points to."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
