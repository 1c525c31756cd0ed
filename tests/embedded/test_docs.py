import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from common.errors import Refused
from common.lifecycle import Lifecycle, Move
from embedded.docs.access import access_page
from embedded.docs.events import all_events_page
from embedded.docs.generated import DOCS, pages, stale, write
from embedded.docs.lifecycles import lifecycles_page
from embedded.docs.refusals import our_refusals, refusals_page
from embedded.docs.settings import settings_page
from embedded.parts import SERVICES
from registry_service.brands import lifecycle as brands
from registry_service.service import SERVICE as REGISTRY

PAGES = pages()


def lines_with(page: str, part: str) -> list[str]:
    return [line for line in page.splitlines() if part in line]


def test_every_generated_page_in_docs_says_what_the_code_says() -> None:
    assert stale(DOCS, PAGES) == [], "run: make docs"


def test_making_the_pages_twice_makes_the_same() -> None:
    assert pages() == PAGES


def test_a_page_that_is_missing_or_differs_is_stale_and_writing_mends_it(tmp_path: Path) -> None:
    assert stale(tmp_path, PAGES) == list(PAGES)
    write(tmp_path, PAGES)
    assert stale(tmp_path, PAGES) == []
    (tmp_path / "events.md").write_text("something else", encoding="utf-8")
    assert stale(tmp_path, PAGES) == ["events.md"]


def test_the_check_names_the_stale_pages_writes_nothing_and_fails(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    told = PAGES["access.md"].replace("●", "", 1)
    (tmp_path / "access.md").write_text(told, encoding="utf-8")
    command = [sys.executable, "-m", "embedded.docs", "--check", "--folder", str(tmp_path)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)  # noqa: S603 -- our own module
    assert (checked.returncode, checked.stderr) == (1, "stale: access.md; run: make docs\n")
    assert (tmp_path / "access.md").read_text("utf-8") == told


def test_a_refusal_is_listed_with_status_texts_category_and_module() -> None:
    (row,) = lines_with(PAGES["refusals.md"], "| `brand-already-revoked` |")
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "`brand-already-revoked`",
        "409",
        "该品牌称号已被撤销，不能再作处置。",
        "The brand has been revoked; nothing more can be done with it.",
        "refused",
        "[`registry_service.brands.refusals`](../services/registry/src/registry_service/brands/refusals.py)",
    ]


def test_the_refusals_of_tests_are_not_listed_and_every_one_of_ours_is_once() -> None:
    class OnlyInThisTest(Refused):
        code = "only-in-this-test"
        zh = "仅用于测试。"
        en = "Only for this test."

    listed = [kind.code for kind in our_refusals()]
    assert OnlyInThisTest.code not in listed
    assert len(listed) == len(set(listed)) == len(lines_with(refusals_page(), "| `"))


def test_a_changed_text_makes_another_page() -> None:
    class Changed(Refused):
        code = "brand-already-revoked"
        zh = "已撤销。"
        en = "Revoked."

    others = [kind for kind in our_refusals() if kind.code != Changed.code]
    assert refusals_page([*others, Changed]) != PAGES["refusals.md"]


def test_a_lifecycle_is_drawn_and_tabled() -> None:
    page = PAGES["lifecycles.md"]
    brand = page[page.index("### brands") :].partition("\n## ")[0]
    assert "    [*] --> active : register" in brand
    assert "    suspended --> revoked : revoke" in brand
    assert "    revoked --> [*]" in brand
    route = "`POST /v1/brands/{number}/reinstatements`"
    for row in (
        f"| `reinstate` | `warned`, `suspended` | `active` | `BrandReinstated` | {route} |",
        "| `take_effect` | `pending_effect` | `active` | no event: the day was told by BrandRegistered | – |",
        "| `register` | (birth) | `active` | `BrandRegistered` | – |",
        "| `revoked` | `brand-already-revoked` | The brand has been revoked; nothing more can be done with it. |",
    ):
        assert row in brand.splitlines()


def test_every_noun_with_a_lifecycle_has_its_section() -> None:
    nouns = {router.noun for service in SERVICES for router in service.routers if router.lifecycle is not None}
    assert nouns <= {line.removeprefix("### ") for line in lines_with(PAGES["lifecycles.md"], "### ")}


def test_a_move_taken_away_makes_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Move] = [move for move in brands.LIFECYCLE.moves if move.action != "reinstate"]
    monkeypatch.setattr(brands, "LIFECYCLE", Lifecycle(*kept, final=brands.LIFECYCLE.final))
    page = lifecycles_page(SERVICES)
    assert page != PAGES["lifecycles.md"]
    assert lines_with(page, "`reinstate`") == []
    assert lines_with(page, "| `revoke` |") == lines_with(PAGES["lifecycles.md"], "| `revoke` |")


def test_every_route_of_every_service_has_its_row_of_roles() -> None:
    page = access_page(SERVICES)
    routes = [row for service in SERVICES for router in service.routers for row in router.access]
    assert len(lines_with(page, "| `GET /")) + len(lines_with(page, "| `P")) == len(routes)
    approving = [cell.strip() for cell in lines_with(page, "/approvals`")[0].split("|")[1:-1]]
    assert approving == ["`POST /v1/acts/{act_id}/approvals`", "`approve`", *[""] * 6, "●", *[""] * 3]
    reading = [cell.strip() for cell in lines_with(page, "/verification`")[0].split("|")[1:-1]]
    assert reading == ["`GET /v1/brands/{number}/verification`", "", "●", *[""] * 9]


def test_a_service_without_its_routes_makes_another_page() -> None:
    assert access_page([replace(REGISTRY, routers=())]) != access_page([REGISTRY])


def test_the_events_page_says_who_answers() -> None:
    row = lines_with(PAGES["events.md"], "| review `ReviewCompleted` |")[0]
    assert (
        "registry: [`register_when_recognised`](../services/registry/src/registry_service/brands/reactions.py)" in row
    )
    assert lines_with(PAGES["events.md"], "| review `PanelDrawn` |") == ["| review `PanelDrawn` | nobody |"]
    assert all_events_page([replace(REGISTRY, consumes={})]) != all_events_page([REGISTRY])


def test_the_settings_page_lists_each_variable_and_what_production_refuses() -> None:
    page = settings_page(SERVICES)
    assert lines_with(page, "| `MINGPAI_PORT` |") == [
        "| `MINGPAI_PORT` | `8000` | Port to listen on; 0 takes a free one. |"
    ]
    assert lines_with(page, "| `MINGPAI_FAILPOINT` |")[1:] == [
        "| `MINGPAI_FAILPOINT` | production refuses failpoints |"
    ]
    assert len(lines_with(page, "distributed shape refuses")) == 2


def test_no_default_on_the_settings_page_tells_a_secret() -> None:
    assert lines_with(PAGES["settings.md"], "demo-cursor-secret") == []
