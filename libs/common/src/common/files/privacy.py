"""The warning at start that others on this machine may read the data: an older version or a copy left wider rights."""

from pathlib import Path
from typing import Final

import structlog

from common.files.private import readable_by_others

_SHOWN: Final = 5

log = structlog.get_logger(__name__)


def warn_of_readable(data: Path) -> None:
    """Log a warning that names some of the files and folders that others may read, and how to close them."""
    found = list(readable_by_others(data))
    if found:
        log.warning(
            "data-readable-by-others",
            count=len(found),
            paths=[str(path) for path in found[:_SHOWN]],
            repair=f"chmod -R go= {data}",
        )
