"""What becomes of the sheets when their application is withdrawn."""

import pytest

from common.contracts.applications.applications import WithdrawalRequested
from support.casts.actors import id_of
from support.casts.programmes import full_scores
from support.casts.reviewing import EXPERTS, ROUND, Round, audited, expert, uscc
from support.service.alone import START, Alone

WITHDRAWN = WithdrawalRequested(
    application_id="app_1",
    round_id=ROUND,
    honour="SERVICE_BRAND",
    applicant_id=id_of(uscc(1)),
    applicant=uscc(1),
    division="370102",
    reason="本年度不再申报。",
    requested_at=START,
)


@pytest.fixture
async def round_(service: Alone) -> Round:
    """Two firms' cases, every sheet filled in and the first of the first firm's handed in."""
    opened = await Round(service, firms=2).open()
    await opened.draw()
    for row in await service.rows("sheets"):
        await opened.fill_in(row, full_scores("SERVICE_BRAND"))
    (first, *_) = [row for row in await service.rows("sheets") if row["review_id"] == opened.reviews["app_1"]]
    await opened.post(f"/v1/sheets/{first['id']}/submissions", who=expert(first["expert_sub"]))
    return opened


async def test_a_withdrawal_voids_the_open_sheets_of_its_case_once(service: Alone, round_: Round) -> None:
    event_id = await service.deliver(WITHDRAWN)
    await service.deliver(WITHDRAWN, event_id=event_id)

    rows = await service.rows("sheets")
    mine = [row for row in rows if row["review_id"] == round_.reviews["app_1"]]
    others = [row for row in rows if row["review_id"] == round_.reviews["app_2"]]
    assert sorted((row["state"].value, row["waits_for"]) for row in mine) == [
        ("submitted", None),
        ("void", None),
        ("void", None),
    ]
    assert {row["state"].value for row in others} == {"open"}
    for row in (row for row in mine if row["state"] == "void"):
        assert (await audited(service, row["id"]))[-1] == ("system", "void", "open", "void")


async def test_a_void_sheet_offers_nothing_and_says_why_it_takes_nothing(service: Alone, round_: Round) -> None:
    await service.deliver(WITHDRAWN)
    void = next(row for row in await service.rows("sheets") if row["state"] == "void")
    who, path = expert(void["expert_sub"]), f"/v1/sheets/{void['id']}"

    seen = await service.send("GET", path, who=who)
    change = {"scores": {"quality_process": "1.0"}}
    filled = await service.send("PUT", path, change, who=who, If_Match=seen.headers["ETag"])
    submitted = await service.send("POST", f"{path}/submissions", who=who)

    assert (seen.json()["state"], seen.json()["allowed_actions"]) == ("void", [])
    for refused in (filled, submitted):
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (409, "sheet-void")
        assert (problem["current_state"], problem["allowed_actions"]) == ("void", [])
    assert [row for row in await service.rows("sheets") if row["id"] == void["id"]] == [void]
    for sub in EXPERTS:
        listed = (await service.send("GET", "/v1/sheets?state=void", who=expert(sub))).json()["items"]
        assert {one["review_id"] for one in listed} <= {round_.reviews["app_1"]}
        desk = (await service.send("GET", "/v1/sheets?waiting_for=me", who=expert(sub))).json()["items"]
        assert [one["review_id"] for one in desk] == [round_.reviews["app_2"]]
