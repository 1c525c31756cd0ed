"""Deletes the platform's own files in its data folder, and no others."""

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
    """Return the platform's own files and folders in the data folder, sorted."""
    return sorted({path for pattern in OWNED for path in data.glob(pattern)})


def remove(paths: list[Path]) -> None:
    """Delete files and folders; a link is removed, but not its target."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
