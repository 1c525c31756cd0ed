"""Every generated page by its name; a test and `--check` compare them with what lies in docs/."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from embedded.docs.access import access_page
from embedded.docs.events import all_events_page
from embedded.docs.lifecycles import lifecycles_page
from embedded.docs.refusals import refusals_page
from embedded.docs.settings import settings_page
from embedded.docs.sources import ROOT
from embedded.parts import SERVICES

DOCS: Final = ROOT / "docs"


def pages() -> Mapping[str, str]:
    """Return what each page says, by the name of its file."""
    return {
        "access.md": access_page(SERVICES),
        "events.md": all_events_page(SERVICES),
        "lifecycles.md": lifecycles_page(SERVICES),
        "refusals.md": refusals_page(),
        "settings.md": settings_page(SERVICES),
    }


def stale(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Return the names of the pages that are missing in the folder or say something else."""
    return [name for name, text in made.items() if _read(folder / name) != text]


def write(folder: Path, made: Mapping[str, str]) -> None:
    """Write the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
