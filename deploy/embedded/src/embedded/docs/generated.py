"""Every generated page by its path under docs/; a test and `--check` compare them with the files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from embedded.docs.access import access_page
from embedded.docs.events import published_page
from embedded.docs.lifecycles import lifecycles_page
from embedded.docs.programme import programme_page
from embedded.docs.refusals import our_refusals, refusals_page
from embedded.docs.settings import settings_page
from embedded.docs.sources import PACKAGES, ROOT
from embedded.docs.tables import tables_page
from embedded.origin.parts import SERVICES

DOCS: Final = ROOT / "docs"
FOLDERS: Final = ("access", "events", "lifecycles", "refusals")
"""Folders that contain only generated pages, one page per service."""


def pages() -> Mapping[str, str]:
    """Return the text of each page by its path."""
    return dict(_pages())


def _pages() -> Iterator[tuple[str, str]]:
    yield "programme.md", programme_page()
    yield "settings.md", settings_page(SERVICES)
    yield "tables.md", tables_page(SERVICES)
    for service in SERVICES:
        yield f"access/{service.name}.md", access_page(service)
        yield f"events/{service.name}.md", published_page(service.name, SERVICES)
        yield f"lifecycles/{service.name}.md", lifecycles_page(service)
        yield f"refusals/{service.name}.md", refusals_page(service.name, our_refusals(service.package))
    shared = [package for package in PACKAGES if package not in {service.package for service in SERVICES}]
    yield "refusals/common.md", refusals_page("common", our_refusals(*shared))


def stale(folder: Path, made: Mapping[str, str]) -> list[str]:
    """Return the paths of the pages that are missing, differ or are no longer made; sorted."""
    differing = [name for name, text in made.items() if _read(folder / name) != text]
    return sorted([*differing, *_left_over(folder, made)])


def write(folder: Path, made: Mapping[str, str]) -> None:
    """Write the pages and remove those that are no longer made."""
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name in _left_over(folder, made):
        (folder / name).unlink()


def _left_over(folder: Path, made: Mapping[str, str]) -> list[str]:
    found = [path for each in FOLDERS for path in (folder / each).glob("*.md")]
    return [name for path in found if (name := path.relative_to(folder).as_posix()) not in made]


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
