"""A case is drawn again by two persons, a reason and a new seed; what was void stays."""

from common.contracts.review.reviews import PanelDissolved, PanelDrawn
from support.casts.programmes import full_scores
from support.casts.reviewing import EXPERTS, OBSERVER, OFFICE, OFFICER, ROUND, Round, audited, expert
from support.service.alone import Alone

OTHER = OFFICER.replace("officer-1", "officer-2")
WHY = {"reason": "抽取后发现专家库名单有误。"}


async def test_a_scored_case_is_drawn_again_by_two_persons(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.score()
    review = round_.reviews["app_1"]

    proposed = await round_.post(f"/v1/reviews/{review}/redraws", WHY)
    twice = await service.send("POST", f"/v1/reviews/{review}/redraws", WHY, who=OTHER)
    oneself = await service.send("POST", f"/v1/redraws/{proposed['id']}/approvals", who=OFFICER)
    desk = [
        (await service.send("GET", "/v1/redraws?waiting_for=me", who=who)).json()["items"] for who in (OFFICER, OTHER)
    ]
    approved = await service.send("POST", f"/v1/redraws/{proposed['id']}/approvals", who=OTHER)

    assert (proposed["state"], proposed["allowed_actions"]) == ("proposed", [])
    assert (twice.status_code, twice.json()["code"]) == (409, "redraw-already-proposed")
    assert (oneself.status_code, oneself.json()["code"]) == (403, "redraw-by-another-person")
    assert [len(items) for items in desk] == [0, 1]
    assert (approved.status_code, approved.json()["state"], approved.json()["decided_by"]) == (
        201,
        "approved",
        "officer-2",
    )
    (row,) = await service.rows("reviews")
    assert (row["state"], row["score"], row["arithmetic"], row["draw_id"]) == ("pending", None, None, None)
    assert {sheet["state"] for sheet in await service.rows("sheets")} == {"void"}
    (dissolved,) = await service.published(PanelDissolved)
    assert dissolved["data"]["reason"] == WHY["reason"]
    assert (await audited(service, review))[-1] == ("officer-2", "dissolve_panel", "scored", "pending")

    same = await service.send("POST", "/v1/draws", {"round_id": ROUND, "seed": "draw seed"}, who=OFFICER)
    again = await service.send("POST", "/v1/draws", {"round_id": ROUND, "seed": "another seed"}, who=OFFICER)
    assert (same.status_code, same.json()["code"]) == (409, "seed-already-used")
    assert again.status_code == 201, again.text
    assert len(await service.published(PanelDrawn)) == 2
    assert len(await service.rows("sheets")) == 2 * len(EXPERTS)
    for sheet in (row for row in await service.rows("sheets") if row["state"] == "open"):
        await round_.fill_in(sheet, full_scores("SERVICE_BRAND", share="0.6"))
        await round_.post(f"/v1/sheets/{sheet['id']}/submissions", who=expert(sheet["expert_sub"]))
    assert [str(row["score"]) for row in await service.rows("reviews")] == ["60.00"]


async def test_a_refused_proposal_changes_nothing_and_a_ranked_case_is_not_drawn_again(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    await round_.score()
    path = f"/v1/reviews/{round_.reviews['app_1']}/redraws"
    proposed = await round_.post(path, WHY)

    refused = await on_sqlite.send("POST", f"/v1/redraws/{proposed['id']}/refusals", WHY, who=OTHER)
    decided = await on_sqlite.send("POST", f"/v1/redraws/{proposed['id']}/approvals", who=OTHER)
    late = await round_.post(path, WHY)
    await round_.post("/v1/rankings", {"round_id": ROUND, "seed": "tie seed"})
    ranked = await on_sqlite.send("POST", f"/v1/redraws/{late['id']}/approvals", who=OTHER)
    again = await on_sqlite.send("POST", path, WHY, who=OTHER)

    assert (refused.json()["state"], refused.json()["refused_because"]) == ("refused", WHY["reason"])
    assert (decided.status_code, decided.json()["code"]) == (409, "redraw-decided")
    assert (ranked.status_code, ranked.json()["code"]) == (409, "action-not-allowed")
    assert (again.status_code, again.json()["code"]) == (409, "redraw-already-proposed")
    assert {row["state"] for row in await on_sqlite.rows("sheets")} == {"submitted"}
    for who in (OFFICE, expert("expert-1")):
        assert (await on_sqlite.send("POST", path, WHY, who=who)).status_code == 403
        assert (await on_sqlite.send("GET", "/v1/redraws", who=who)).status_code == 403
    assert (await on_sqlite.send("GET", f"/v1/redraws/{late['id']}", who=OBSERVER)).status_code == 200
    missing = await on_sqlite.send("GET", "/v1/redraws/rdw_none", who=OBSERVER)
    assert (missing.status_code, missing.json()["code"]) == (404, "redraw-not-found")
