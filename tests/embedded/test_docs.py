import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from common.kernel.errors import Refused
from common.kernel.lifecycle import Lifecycle, Move
from common.service import EVERYWHERE
from embedded.docs.access import access_page
from embedded.docs.events import published_page
from embedded.docs.generated import DOCS, pages, stale, write
from embedded.docs.lifecycles import lifecycles_page
from embedded.docs.refusals import our_refusals, refusals_page
from embedded.docs.settings import settings_page
from embedded.origin.parts import SERVICES
from registry_service.register.brands import lifecycle as brands
from registry_service.service import SERVICE as REGISTRY

PAGES = pages()


def lines_with(page: str, part: str) -> list[str]:
    return [line for line in page.splitlines() if part in line]


def test_every_generated_page_in_docs_says_what_the_code_says() -> None:
    assert stale(DOCS, PAGES) == [], "run: make docs"


def test_making_the_pages_twice_makes_the_same() -> None:
    assert pages() == PAGES


def test_a_page_that_is_missing_differs_or_is_too_many_is_stale_until_the_pages_are_written(tmp_path: Path) -> None:
    assert stale(tmp_path, PAGES) == sorted(PAGES)
    write(tmp_path, PAGES)
    assert stale(tmp_path, PAGES) == []
    (tmp_path / "events/review.md").write_text("something else", encoding="utf-8")
    (tmp_path / "lifecycles/gone.md").write_text("of a service that is no more", encoding="utf-8")
    (tmp_path / "written.md").write_text("by hand", encoding="utf-8")
    assert stale(tmp_path, PAGES) == ["events/review.md", "lifecycles/gone.md"]
    write(tmp_path, PAGES)
    assert stale(tmp_path, PAGES) == []
    assert not (tmp_path / "lifecycles/gone.md").exists()
    assert (tmp_path / "written.md").exists()


def test_the_check_names_the_stale_pages_writes_nothing_and_fails(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    changed = PAGES["access/review.md"].replace("| ● |", "| |", 1)
    (tmp_path / "access/review.md").write_text(changed, encoding="utf-8")
    command = [sys.executable, "-m", "embedded.docs", "--check", "--folder", str(tmp_path)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)  # noqa: S603 -- our own module
    assert (checked.returncode, checked.stderr) == (1, "stale: access/review.md; run: make docs\n")
    assert (tmp_path / "access/review.md").read_text("utf-8") == changed


def test_a_refusal_is_listed_with_status_texts_category_and_module() -> None:
    (row,) = lines_with(PAGES["refusals/registry.md"], "| `brand-already-revoked` |")
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "`brand-already-revoked`",
        "409",
        "该品牌称号已被撤销，不能再作处置。",
        "The brand has been revoked; nothing more can be done with it.",
        "refused",
        "[`registry_service.register.brands.refusals`](../../services/registry/src/registry_service/register/brands/refusals.py)",
    ]


def test_the_refusals_of_tests_are_not_listed_and_every_one_of_ours_is_once() -> None:
    class OnlyInThisTest(Refused):
        code = "only-in-this-test"
        zh = "仅用于测试。"
        en = "Only for this test."

    listed = [kind.code for kind in our_refusals()]
    assert OnlyInThisTest.code not in listed
    rows = [row for name, page in PAGES.items() if name.startswith("refusals/") for row in lines_with(page, "| `")]
    assert len(listed) == len(set(listed)) == len(rows)


def test_a_changed_text_makes_another_page() -> None:
    class Changed(Refused):
        code = "brand-already-revoked"
        zh = "已撤销。"
        en = "Revoked."

    kinds = our_refusals("registry_service")
    others = [kind for kind in kinds if kind.code != Changed.code]
    assert refusals_page("registry", kinds) == PAGES["refusals/registry.md"]
    assert refusals_page("registry", [*others, Changed]) != PAGES["refusals/registry.md"]


def test_a_lifecycle_is_drawn_and_tabled() -> None:
    page = PAGES["lifecycles/registry.md"]
    brand = page[page.index("## brands") :].partition("\n## ")[0]
    assert '    state "suspended 暂停" as suspended' in brand
    assert "    [*] --> active : register 登记" in brand
    assert "    suspended --> revoked : revoke 撤销" in brand
    assert "    revoked --> [*]" in brand
    route = "`POST /v1/brands/{number}/reinstatements`"
    for row in (
        f"| `reinstate` 恢复 | `warned` 黄牌警告, `suspended` 暂停 | `active` 有效 | `BrandReinstated` | {route} |",
        "| `register` 登记 | (birth) | `active` 有效 | `BrandRegistered` | – |",
    ):
        assert row in brand.splitlines()
    (final,) = lines_with(brand, "| `revoked` 已撤销 | `brand-already-revoked` |")
    assert final.endswith(
        "| 该品牌称号已被撤销，不能再作处置。 | The brand has been revoked; nothing more can be done with it. |"
    )
    (taking_effect,) = lines_with(brand, "| `take_effect` 生效 |")
    assert taking_effect.startswith(
        "| `take_effect` 生效 | `pending_effect` 待生效 | `active` 有效 | `BrandTookEffect` |"
    )
    registration = page[page.index("## registrations") :].partition("\n## ")[0]
    (releasing,) = lines_with(registration, "| `release` 重新核对依据 |")
    assert "| no event: only has the grounds looked up again |" in releasing


def test_every_noun_with_a_lifecycle_has_its_section() -> None:
    for service in SERVICES:
        nouns = {router.noun for router in service.routers if router.lifecycle is not None}
        page = PAGES[f"lifecycles/{service.name}.md"]
        assert nouns <= {line.removeprefix("## ") for line in lines_with(page, "## ")}


def test_a_move_taken_away_makes_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Move] = [move for move in brands.LIFECYCLE.moves if move.action != "reinstate"]
    monkeypatch.setattr(brands, "LIFECYCLE", Lifecycle(*kept, final=brands.LIFECYCLE.final))
    page, before = lifecycles_page(REGISTRY), PAGES["lifecycles/registry.md"]
    assert page != before
    assert lines_with(page, "`reinstate`") == []
    assert lines_with(page, "| `revoke` ") == lines_with(before, "| `revoke` ") != []


def test_every_route_of_every_service_has_its_row_of_roles() -> None:
    page = "\n".join(map(access_page, SERVICES))
    routes = [row for service in SERVICES for router in (*service.routers, *EVERYWHERE) for row in router.access]
    rows = [line for method in ("GET", "POST", "PUT", "DELETE") for line in lines_with(page, f"| `{method} /")]
    assert len(rows) == len(routes)
    approving = [cell.strip() for cell in lines_with(page, "acts/{act_id}/approvals`")[0].split("|")[1:-1]]
    assert approving == ["`POST /v1/acts/{act_id}/approvals`", "`approve`", *[""] * 6, "●", *[""] * 3]
    reading = [cell.strip() for cell in lines_with(page, "/verification`")[0].split("|")[1:-1]]
    assert reading == ["`GET /v1/brands/{number}/verification`", "", "●", *[""] * 9]


def test_a_service_without_its_routes_makes_another_page() -> None:
    assert access_page(replace(REGISTRY, routers=())) != access_page(REGISTRY)


def test_the_events_page_says_who_consumes() -> None:
    consumers = PAGES["events/review.md"].partition("## Consumers")[2]
    rows = lines_with(consumers, "| `ReviewCompleted` |")
    reactions = "../../services/registry/src/registry_service/register/registrations/reactions.py"
    assert [f"registry: [`register_when_recognised`]({reactions})" in row for row in rows] == [True]
    assert lines_with(consumers, "| `ReviewScored` |") == ["| `ReviewScored` | nobody |"]
    assert published_page("review", [replace(REGISTRY, consumes={})]) != published_page("review", [REGISTRY])


def test_the_settings_page_lists_each_variable_and_what_production_refuses() -> None:
    page = settings_page(SERVICES)
    assert lines_with(page, "| `MINGPAI_PORT` |") == [
        "| `MINGPAI_PORT` | `8000` | Port to listen on; 0 takes a free one. |"
    ]
    assert lines_with(page, "| `MINGPAI_FAILPOINT` |")[1:] == [
        "| `MINGPAI_FAILPOINT` | production refuses failpoints |"
    ]
    assert len(lines_with(page, "distributed shape refuses")) == 2


def test_no_default_on_the_settings_page_is_a_secret() -> None:
    assert lines_with(PAGES["settings.md"], "demo-cursor-secret") == []
