import shutil
from pathlib import Path

from embedded.docs.generated import DOCS, pages, stale


def test_every_generated_page_says_what_the_code_says() -> None:
    assert stale(DOCS, pages()) == [], "run: make docs"


def test_a_page_that_differs_one_that_is_missing_and_one_too_many_are_caught(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    shutil.copytree(DOCS, folder)
    events, settings = folder / "events/registry.md", folder / "settings.md"
    events.write_text(events.read_text(encoding="utf-8").replace("BrandRevoked", "BrandRemoved", 1), encoding="utf-8")
    settings.unlink()
    (folder / "access/gone.md").write_text("of a service that is no more", encoding="utf-8")

    assert stale(folder, pages()) == ["access/gone.md", "events/registry.md", "settings.md"]
