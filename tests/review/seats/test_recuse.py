"""A seat is emptied by recusal, absence, a void sheet or the end of an expert, and filled by the next of the lots."""

from typing import Any

import pytest

from common.contracts.review.reviews import PanelChanged
from review_service.panel.draws.lots import ticket
from support.casts.programmes import full_scores
from support.casts.reviewing import (
    OBSERVER,
    OFFICE,
    OFFICER,
    OTHER_OFFICER,
    ROUND,
    Round,
    accepted,
    affiliation,
    audited,
    concluded,
    definition,
    expert,
    opened,
    person,
    uscc,
    withdrawn,
)
from support.service.alone import Alone

WHY = {"reason": "近亲属在该单位任职。"}
RECUSAL = WHY | {"ground": "near_relative"}
RESERVE = ("expert-4", "expert-5")


async def sheets(service: Alone, **where: str) -> list[dict[str, Any]]:
    rows = await service.rows("sheets")
    return [row for row in rows if all(row[key] == value for key, value in where.items())]


async def order(service: Alone, round_: Round) -> list[str]:
    """Return the subs of the whole pool in the order of the lots of the first case."""
    review = round_.reviews["app_1"]
    pool = await service.rows("experts")
    return [row["sub"] for row in sorted(pool, key=lambda row: ticket("draw seed", review, row["id"]))]


async def test_the_next_in_the_order_of_the_lots_takes_the_seat_of_one_who_recuses_himself(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw(*RESERVE)
    lots = await order(service, round_)
    mine = (await sheets(service, expert_sub=lots[1]))[0]

    recused = await service.send("POST", f"/v1/sheets/{mine['id']}/recusals", RECUSAL, who=expert(lots[1]))

    assert recused.status_code == 201, recused.text
    assert (recused.json()["state"], recused.json()["ground"], recused.json()["allowed_actions"]) == (
        "recused",
        "near_relative",
        [],
    )
    (new,) = await sheets(service, replaces=mine["id"])
    assert (new["expert_sub"], new["seat"], new["role"], new["state"]) == (lots[3], mine["seat"], mine["role"], "open")
    (published,) = await service.published(PanelChanged)
    assert (published["data"]["cause"], published["data"]["size"], published["data"]["vacant"]) == ("recused", 3, 0)
    assert sorted(published["data"]["readers"]) == sorted([lots[0], lots[2], lots[3]])
    (me,) = [row for row in await service.rows("experts") if row["sub"] == lots[1]]
    assert [(each["organisation"], each["ground"]) for each in me["conflicts"]] == [(uscc(1), "near_relative")]
    assert (await audited(service, mine["id"]))[-1] == (lots[1], "recuse", "open", "recused")
    assert (await audited(service, new["review_id"]))[-1] == (lots[1], "change_panel", "assigned", "assigned")
    seen = (await service.send("GET", f"/v1/sheets/{mine['id']}", who=expert(lots[1]))).json()
    assert seen["application"] is None, "he has no part in the case any more"


async def test_a_seat_that_nobody_can_take_says_why_and_is_filled_once_somebody_can(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw()
    path = f"/v1/reviews/{round_.reviews['app_1']}"
    (mine,) = await sheets(service, role="finance")
    await round_.post("/v1/experts", person("busy", yearly_load=1, roles=("technical",)))

    full = await service.send("POST", f"{path}/seats", who=OFFICER)
    await round_.post(f"/v1/sheets/{mine['id']}/recusals", RECUSAL, who=expert(mine["expert_sub"]))
    vacant = (await service.send("GET", path, who=OFFICER)).json()
    listed = (await service.send("GET", "/v1/reviews?vacant=true", who=OFFICER)).json()["items"]
    nobody = await service.send("POST", f"{path}/seats", who=OFFICER, Accept_Language="en")
    await round_.post("/v1/experts", person("newcomer", roles=("finance",)))
    filled = await service.send("POST", f"{path}/seats", who=OFFICER)

    assert (full.status_code, full.json()["code"]) == (409, "no-seat-vacant")
    assert vacant["vacancies"] == [
        {
            "seat": 3,
            "role": "finance",
            "category": None,
            "why": {"on_this_panel": 3, "role_missing": 1},
            "helps": ["enter_experts", "add_roles"],
        }
    ]
    assert vacant["allowed_actions"] == ["fill_seats", "close_panel", "dissolve_panel"]
    assert [one["vacant_seats"] for one in listed] == [1]
    assert (nobody.status_code, nobody.json()["code"]) == (409, "panel-cannot-be-filled")
    assert filled.status_code == 201, filled.text
    assert (filled.json()["vacant_seats"], filled.json()["vacancies"]) == (0, [])
    (new,) = await sheets(service, expert_sub="newcomer")
    assert (new["seat"], new["replaces"]) == (3, mine["id"])
    assert [one["data"]["cause"] for one in await service.published(PanelChanged)] == ["recused", "filled"]


async def test_an_absent_expert_is_replaced_once_his_term_is_over(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw(*RESERVE)
    panel = {row["expert_sub"] for row in await sheets(service)}
    late = (await sheets(service))[0]
    path = f"/v1/sheets/{late['id']}/replacements"

    early = await service.send("POST", path, {"reason": "联系不上。"}, who=OFFICER, Accept_Language="en")
    service.legal.move(days=21)
    overdue = (await service.send("GET", "/v1/sheets?due_before=2015-10-29", who=OFFICER)).json()["items"]
    replaced = await service.send("POST", path, {"reason": "联系不上。"}, who=OFFICER)

    assert (early.status_code, early.json()["code"]) == (409, "sheet-not-due")
    assert "2015-10-28" in early.json()["detail"]
    assert len(overdue) == 3
    assert (replaced.status_code, replaced.json()["state"]) == (201, "replaced")
    (new,) = await sheets(service, replaces=late["id"])
    assert (new["expert_sub"] in panel, str(new["due_on"])) == (False, "2015-11-19")
    refused = await service.send("POST", f"/v1/sheets/{late['id']}/submissions", who=expert(late["expert_sub"]))
    assert (refused.status_code, refused.json()["code"]) == (409, "sheet-replaced")


async def test_a_sealed_sheet_can_be_void_until_the_case_is_scored(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw(*RESERVE)
    first, *others = await sheets(service)
    await round_.fill_in(first, full_scores("SERVICE_BRAND"))
    await round_.post(f"/v1/sheets/{first['id']}/submissions", who=expert(first["expert_sub"]))

    void = await service.send("POST", f"/v1/sheets/{first['id']}/voids", {"reason": "评分依据有误。"}, who=OFFICER)
    (new,) = await sheets(service, replaces=first["id"])
    for row in (new, *others):
        await round_.fill_in(row, full_scores("SERVICE_BRAND", share="0.6"))
        await round_.post(f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"]))
    late = await service.send("POST", f"/v1/sheets/{new['id']}/voids", {"reason": "评分依据有误。"}, who=OFFICER)

    assert (void.status_code, void.json()["state"], "scores" in void.json()) == (201, "void", False)
    (review,) = await service.rows("reviews")
    assert (review["state"], str(review["score"])) == ("scored", "60.00")
    assert (late.status_code, late.json()["code"]) == (409, "action-not-allowed")
    assert [row["state"] for row in await sheets(service, id=new["id"])] == ["submitted"]


async def test_a_panel_counts_from_the_programmes_minimum_once_nobody_is_in_time(service: Alone) -> None:
    round_ = await Round(service, changes={"/review/panel/minimum_sheets": 2}).open()
    await round_.draw()
    path, why = f"/v1/reviews/{round_.reviews['app_1']}/closings", {"reason": "期限已过，最低份数已满足。"}
    rows = await sheets(service)

    few = await service.send("POST", path, why, who=OFFICER)
    for row in rows[:2]:
        await round_.fill_in(row, full_scores("SERVICE_BRAND"))
        await round_.post(f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"]))
    early = await service.send("POST", path, why, who=OFFICER)
    service.legal.move(days=21)
    closed = await service.send("POST", path, why, who=OFFICER)

    assert (few.status_code, few.json()["code"]) == (409, "sheets-too-few")
    assert (early.status_code, early.json()["code"]) == (409, "panel-still-scoring")
    assert (closed.status_code, closed.json()["state"]) == (201, "scored")
    (review,) = await service.rows("reviews")
    assert (str(review["score"]), review["arithmetic"]["divisor"]) == ("80.00", 2)
    assert [row["state"] for row in await sheets(service, id=rows[2]["id"])] == ["replaced"]
    assert (await audited(service, review["id"]))[-1] == ("officer-1", "close_panel", "assigned", "scored")


async def test_a_draw_leaves_a_seat_vacant_where_the_programme_demands_fewer_sheets(service: Alone) -> None:
    round_ = await Round(service, changes={"/review/panel/minimum_sheets": 2}).open()
    for sub in ("expert-1", "expert-2"):
        await round_.post("/v1/experts", person(sub))

    await round_.conclude_acceptance()
    view = await round_.post("/v1/draws", {"round_id": ROUND, "seed": "draw seed"})
    for row in await sheets(service):
        await round_.fill_in(row, full_scores("SERVICE_BRAND"))
        await round_.post(f"/v1/sheets/{row['id']}/submissions", who=expert(row["expert_sub"]))
    (waiting,) = await service.rows("reviews")
    await round_.post(f"/v1/reviews/{waiting['id']}/closings", {"reason": "无可补充的专家。"})

    assert [one["role"] for one in view["panels"][0]["vacant"]] == ["finance"]
    assert (waiting["state"], waiting["vacant_seats"]) == ("assigned", 1)
    (review,) = await service.rows("reviews")
    assert (review["state"], review["vacant_seats"], review["arithmetic"]["divisor"]) == ("scored", 0, 2)


async def test_a_declared_conflict_takes_the_expert_off_the_panels_of_the_applicant(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.draw(*RESERVE)
    mine = next(row for row in await sheets(service) if row["review_id"] == round_.reviews["app_1"])
    who = expert(mine["expert_sub"])
    (me,) = (await service.send("GET", "/v1/experts", who=who)).json()["items"]
    body = affiliation(uscc(1)) | {"ground": "consulting"}

    declared = await service.send("POST", f"/v1/experts/{me['id']}/conflicts", body, who=who)

    assert declared.status_code == 201, declared.text
    assert [(one["ground"], one["declared_by"]) for one in declared.json()["conflicts"]] == [
        ("consulting", mine["expert_sub"])
    ]
    state = {row["review_id"]: row["state"] for row in await sheets(service, expert_sub=mine["expert_sub"])}
    assert state[round_.reviews["app_1"]] == "recused"
    assert state.get(round_.reviews["app_2"], "open") == "open"
    assert len(await sheets(service, replaces=mine["id"])) == 1
    other = next(row for row in await service.rows("experts") if row["sub"] != mine["expert_sub"])
    hidden = await service.send("POST", f"/v1/experts/{other['id']}/conflicts", body, who=who)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "expert-not-found")


async def test_a_declared_recusal_takes_the_expert_off_the_panels_of_the_firm_and_out_of_later_draws(
    on_sqlite: Alone,
) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    await round_.draw(*RESERVE)
    mine = next(row for row in await sheets(on_sqlite) if row["review_id"] == round_.reviews["app_1"])
    sub, spelt = mine["expert_sub"], uscc(1).lower()

    by_himself = await on_sqlite.send("POST", "/v1/recusals", {"applicant": spelt, **WHY}, who=expert(sub))
    typo = uscc(1)[:-1] + ("0" if uscc(1)[-1] != "0" else "1")
    mistyped = await on_sqlite.send("POST", "/v1/recusals", {"applicant": typo, **WHY}, who=OFFICER)

    assert (by_himself.status_code, by_himself.json()["applicant"]) == (201, uscc(1))
    assert (mistyped.status_code, mistyped.json()["code"]) == (422, "uscc-not-admitted")
    states = {row["review_id"]: row["state"] for row in await sheets(on_sqlite, expert_sub=sub)}
    assert states[round_.reviews["app_1"]] == "void"
    assert states.get(round_.reviews["app_2"], "open") == "open"
    (new,) = await sheets(on_sqlite, replaces=mine["id"])
    assert new["state"] == "open"
    (published,) = await on_sqlite.published(PanelChanged)
    assert published["data"]["cause"] == "recused"
    redraw = await round_.post(f"/v1/reviews/{round_.reviews['app_1']}/redraws", WHY)
    await round_.post(f"/v1/redraws/{redraw['id']}/approvals", who=OTHER_OFFICER)
    again = await round_.post("/v1/draws", {"round_id": ROUND, "seed": "another seed"})
    (panel,) = again["panels"]
    assert {"expert_id": mine["expert_id"], "reason": "recused"} in panel["skipped"]


async def test_an_expert_who_leaves_the_pool_leaves_his_open_sheets(service: Alone) -> None:
    round_ = await Round(service, firms=2).open()
    await round_.draw(*RESERVE)
    (one, *_) = [row for row in await service.rows("experts") if await sheets(service, expert_id=row["id"])]
    had = len(await sheets(service, expert_id=one["id"]))

    ended = await round_.post(f"/v1/experts/{one['id']}/ends", {"reason": "退休。"})

    assert (ended["state"], ended["reason"], ended["allowed_actions"]) == ("ended", "退休。", [])
    assert [row["state"] for row in await sheets(service, expert_id=one["id"])] == ["void"] * had
    assert len(await sheets(service, state="open")) == 6
    again = await service.send("POST", f"/v1/experts/{one['id']}/pauses", {"reason": "。"}, who=OFFICER)
    assert (again.status_code, again.json()["code"]) == (409, "expert-ended")


async def test_seats_change_on_panels_that_score_only_and_by_those_who_may(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    await round_.draw(*RESERVE)
    row = (await sheets(on_sqlite))[0]
    path = f"/v1/sheets/{row['id']}"

    stranger = await on_sqlite.send("POST", f"{path}/recusals", RECUSAL, who=expert("expert-9"))
    unknown = await on_sqlite.send(
        "POST", f"{path}/recusals", RECUSAL | {"ground": "boredom"}, who=expert(row["expert_sub"])
    )
    for verb in ("voids", "replacements"):
        for who in (expert(row["expert_sub"]), OFFICE, OBSERVER):
            assert (await on_sqlite.send("POST", f"{path}/{verb}", WHY, who=who)).status_code == 403
    await on_sqlite.deliver(withdrawn())
    gone = await on_sqlite.send("POST", f"{path}/recusals", RECUSAL, who=expert(row["expert_sub"]))

    assert (stranger.status_code, stranger.json()["code"]) == (404, "sheet-not-found")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "recusal-ground-unknown")
    assert (gone.status_code, gone.json()["code"]) == (409, "sheet-void")
    assert await on_sqlite.published(PanelChanged) == []


@pytest.mark.parametrize(("year", "answer"), [(2016, 409), (2017, 201)])
async def test_last_years_reviewers_of_an_applicant_do_not_judge_him_again(
    on_sqlite: Alone, year: int, answer: int
) -> None:
    round_ = await Round(on_sqlite).open()
    await round_.score()
    rules = definition()
    await on_sqlite.deliver(opened(rules, round_id="rnd_later", year=year))
    await on_sqlite.deliver(accepted(rules, number=9, of=1, round_id="rnd_later"))

    await on_sqlite.deliver(concluded("app_9", round_id="rnd_later", year=year))
    drawn = await on_sqlite.send("POST", "/v1/draws", {"round_id": "rnd_later", "seed": "s"}, who=OFFICER)

    assert drawn.status_code == answer, drawn.text
