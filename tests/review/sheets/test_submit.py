import asyncio

from common.contracts.review.reviews import ReviewScored
from support.casts.actors import id_of
from support.casts.programmes import full_scores
from support.casts.reviewing import EXPERTS, OFFICE, OFFICER, ROUND, Round, audited, expert, uscc
from support.service.alone import Alone


async def filled(service: Alone) -> Round:
    """Have every sheet of one case filled in and none handed in."""
    round_ = await Round(service).open()
    await round_.draw()
    for row in await service.rows("sheets"):
        await round_.fill_in(row, full_scores("SERVICE_BRAND"))
    return round_


async def test_a_sheet_handed_in_is_sealed(service: Alone) -> None:
    await filled(service)
    row = (await service.rows("sheets"))[0]
    who, path = expert(row["expert_sub"]), f"/v1/sheets/{row['id']}/submissions"

    handed_in = await service.send("POST", path, who=who, If_Match=f'"{row["version"]}"')

    assert handed_in.status_code == 201
    view = handed_in.json()
    assert (view["state"], view["submitted_at"], view["allowed_actions"]) == ("submitted", "2015-10-08T01:00:00Z", [])
    assert handed_in.headers["Location"] == f"/v1/sheets/{row['id']}"
    stored = next(one for one in await service.rows("sheets") if one["id"] == row["id"])
    assert (stored["state"], stored["waits_for"]) == ("submitted", None)
    assert (await audited(service, row["id"]))[-1] == (row["expert_sub"], "submit", "open", "submitted")
    assert await service.published(ReviewScored) == []
    again = await service.send("POST", path, who=who)
    assert (again.status_code, again.json()["code"]) == (409, "sheet-already-submitted")
    assert (again.json()["current_state"], again.json()["allowed_actions"]) == ("submitted", [])
    change = await service.send(
        "PUT", f"/v1/sheets/{row['id']}", {"scores": {}}, who=who, If_Match=handed_in.headers["ETag"]
    )
    assert (change.status_code, change.json()["code"]) == (409, "sheet-already-submitted")


async def test_the_last_sheet_makes_the_official_score_and_publishes_no_figure(service: Alone) -> None:
    round_ = await filled(service)

    for row in await service.rows("sheets"):
        await round_.post(f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"]))

    (review,) = await service.rows("reviews")
    assert (review["state"], str(review["score"])) == ("scored", "80.00")
    assert review["arithmetic"]["totals"] == ["80.0", "80.0", "80.0"]
    (published,) = await service.published(ReviewScored)
    assert published["data"] == {
        "review_id": review["id"],
        "application_id": "app_1",
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "applicant_id": id_of(uscc(1)),
        "applicant": uscc(1),
        "division": "370102",
    }
    assert (await audited(service, review["id"]))[-1][1:] == ("score", "assigned", "scored")


async def test_of_two_last_sheets_handed_in_at_once_one_makes_the_score(service: Alone) -> None:
    round_ = await filled(service)
    first, *last_two = await service.rows("sheets")
    await round_.post(f"/v1/sheets/{first['id']}/submissions", who=expert(first["expert_sub"]))

    await asyncio.gather(
        *(round_.post(f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"])) for row in last_two)
    )

    assert [row["state"] for row in await service.rows("reviews")] == ["scored"]
    assert len(await service.published(ReviewScored)) == 1


async def test_an_unfinished_sheet_is_refused_and_names_what_is_missing(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw()
    row = (await service.rows("sheets"))[0]
    await round_.fill_in(row, {"quality_process": "1.0"})

    refused = await service.send("POST", f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"]))

    assert (refused.status_code, refused.json()["code"]) == (409, "sheet-incomplete")
    assert "brand_benefit" in refused.json()["detail"]
    assert "quality_process" not in refused.json()["detail"]
    assert {one["state"] for one in await service.rows("sheets")} == {"open"}


async def test_a_sheet_is_handed_in_by_its_expert_only(service: Alone) -> None:
    await filled(service)
    row = next(one for one in await service.rows("sheets") if one["expert_sub"] == "expert-1")
    path = f"/v1/sheets/{row['id']}/submissions"

    assert {(await service.send("POST", path, who=expert(sub))).status_code for sub in EXPERTS[1:]} == {404}
    assert {(await service.send("POST", path, who=who)).status_code for who in (OFFICER, OFFICE)} == {403}
    assert (await service.send("POST", path)).status_code == 401
    stale = await service.send("POST", path, who=expert("expert-1"), If_Match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert {one["state"] for one in await service.rows("sheets")} == {"open"}
