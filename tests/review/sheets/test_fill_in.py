from typing import Any

import pytest
from httpx import Response

from support.casts.programmes import full_scores
from support.casts.reviewing import EVERYBODY, EXPERTS, OBSERVER, OFFICER, ROUND, Round, audited, expert, uscc
from support.service.alone import Alone


@pytest.fixture
async def sheet(service: Alone) -> dict[str, Any]:
    """The first expert's sheet, as it is stored."""
    round_ = await Round(service).open()
    await round_.draw()
    for sub in EXPERTS:
        await round_.sign(sub)
    return next(row for row in await service.rows("sheets") if row["expert_sub"] == "expert-1")


async def put(
    service: Alone, sheet: dict[str, Any], scores: dict[str, Any], *, who: str = "expert-1", **headers: str
) -> Response:
    headers = {"If_Match": f'"{sheet["version"]}"'} | headers
    return await service.send("PUT", f"/v1/sheets/{sheet['id']}", {"scores": scores}, who=expert(who), **headers)


async def test_an_expert_reads_what_he_is_to_judge(service: Alone, sheet: dict[str, Any]) -> None:
    read = await service.send("GET", f"/v1/sheets/{sheet['id']}", who=expert("expert-1"))

    (review,) = await service.rows("reviews")
    assert read.status_code == 200
    view = read.json()
    assert view["application"] == review["snapshot"]
    assert (view["role"], view["due_on"], view["total"], view["total_cap"]) == (sheet["role"], "2015-10-28", "0", "100")
    assert view["statement"].keys() == {"zh", "en"}
    assert view["statement_signed_at"] == "2015-10-08T01:00:00Z"
    assert [row["code"] for row in view["indicators"]][:2] == ["service_quality", "quality_facilities"]
    assert (view["state"], view["scores"], view["submitted_at"]) == ("open", {}, None)
    assert view["allowed_actions"] == ["fill_in", "submit", "recuse"]
    assert "contact" not in read.text


async def test_scores_are_kept_and_can_be_changed_until_handed_in(service: Alone, sheet: dict[str, Any]) -> None:
    scores = full_scores("SERVICE_BRAND")

    filled = await put(service, sheet, scores | {"brand_benefit": "1.50"})
    again = await put(service, filled.json(), scores)

    assert (filled.status_code, again.status_code) == (200, 200)
    assert filled.json()["scores"] == scores | {"brand_benefit": "1.50"}
    assert again.json()["total"] == "80.0"
    assert again.headers["ETag"].startswith(f'"{sheet["version"] + 2}-')
    (row,) = [one for one in await service.rows("sheets") if one["id"] == sheet["id"]]
    assert (row["scores"], row["state"], row["waits_for"]) == (scores, "open", "expert:expert-1")
    assert await audited(service, sheet["id"]) == [
        ("officer-1", "lay_out", None, "open"),
        ("expert-1", "fill_in", "open", "open"),
        ("expert-1", "fill_in", "open", "open"),
    ]
    assert len(await service.published()) == 2


@pytest.mark.parametrize(
    ("scores", "pointer"),
    [
        ({"quality_process": "10.1"}, "/scores/quality_process"),
        ({"quality_process": "NaN"}, "/scores/quality_process"),
    ],
)
async def test_points_beyond_the_rules_name_the_indicator(
    service: Alone, sheet: dict[str, Any], scores: dict[str, Any], pointer: str
) -> None:
    refused = await put(service, sheet, scores)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert {row["version"] for row in await service.rows("sheets")} == {sheet["version"]}


async def test_a_change_needs_the_version_that_was_seen(service: Alone, sheet: dict[str, Any]) -> None:
    scores = full_scores("SERVICE_BRAND")

    blind = await service.send("PUT", f"/v1/sheets/{sheet['id']}", {"scores": scores}, who=expert("expert-1"))
    await put(service, sheet, scores)
    stale = await put(service, sheet, {})

    assert blind.status_code == 428
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert stale.headers["ETag"] == f'"{sheet["version"] + 1}"'


async def test_a_sheet_is_seen_and_filled_in_by_its_expert_only(service: Alone, sheet: dict[str, Any]) -> None:
    for who in ("expert-2", "expert-3"):
        read = await service.send("GET", f"/v1/sheets/{sheet['id']}", who=expert(who))
        filled = await put(service, sheet, full_scores("SERVICE_BRAND"), who=who)
        assert [(one.status_code, one.json()["code"]) for one in (read, filled)] == [(404, "sheet-not-found")] * 2
    for who in (one for one in EVERYBODY if not one.startswith("expert")):
        listed = await service.send("GET", "/v1/sheets", who=who)
        assert listed.status_code == (200 if who in {OFFICER, OBSERVER} else 403)
        assert "scores" not in listed.text
        assert (await service.send("GET", f"/v1/sheets/{sheet['id']}", who=who)).status_code == 403
    assert (await service.send("GET", "/v1/sheets")).status_code == 401


async def test_each_expert_lists_his_own_sheets(service: Alone, sheet: dict[str, Any]) -> None:
    for sub in EXPERTS:
        mine = [row["id"] for row in await service.rows("sheets") if row["expert_sub"] == sub]
        for query in ("", "?state=open", "?waiting_for=me"):
            listed = (await service.send("GET", f"/v1/sheets{query}", who=expert(sub))).json()["items"]
            assert [one["id"] for one in listed] == mine
            assert [(one["round_id"], one["review_id"]) for one in listed] == [(ROUND, sheet["review_id"])]
    submitted = await service.send("GET", "/v1/sheets?state=submitted", who=expert("expert-1"))
    assert submitted.json()["items"] == []
    assert (await service.send("PUT", f"/v1/sheets/{sheet['id']}", {"scores": {}}, who=OFFICER)).status_code == 403


async def test_under_a_double_blind_review_a_sheet_does_not_name_the_applicant(on_sqlite: Alone) -> None:
    blind = {"level": "double", "source": "default: ours"}
    await (await Round(on_sqlite, changes={"/review/blind": blind}).open()).draw()
    (row, *_) = await on_sqlite.rows("sheets")

    read = await on_sqlite.send("GET", f"/v1/sheets/{row['id']}", who=expert(row["expert_sub"]))

    assert read.json()["application"]["item"] == "旅游接待服务1"
    assert uscc(1) not in read.text
    assert "济南虚构服务1号有限公司" not in read.text
