"""One case among many: it leaves the list, the reserve is called, and what was held is decided later."""

import pytest

from common.contracts.review.announcements import AnnouncementPublished
from common.contracts.review.notices import NoticePublished
from common.contracts.review.rankings import ShortlistChanged
from common.contracts.review.reviews import ReviewCompleted, ReviewHeld, ReviewReleased
from support.casts.actors import id_of
from support.casts.programmes import full_scores
from support.casts.reviewing import (
    APPLICANT,
    DEPARTMENT,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    ROUND,
    Round,
    announcement,
    audited,
    uscc,
    vote,
    withdrawn,
)
from support.service.alone import Alone

WHY = {"reason": "税务部门查实。"}
SCORES = {f"app_{n}": full_scores("SERVICE_BRAND", share=share) for n, share in ((1, "0.9"), (2, "0.8"), (3, "0.7"))}


async def ranked(service: Alone, *, reserve_call: str, quota: int = 1) -> tuple[Round, str]:
    """Return a round of three cases in the order of their numbers, and the path of its list."""
    round_ = await Round(service, firms=3, quota=quota, reserve=2, reserve_call=reserve_call).open()
    return round_, f"/v1/rankings/{(await round_.rank(SCORES))['id']}"


async def states(service: Alone) -> list[str]:
    """Return the states of the three cases, first to third."""
    rows = {row["application_id"]: row["state"].value for row in await service.rows("reviews")}
    return [rows[f"app_{n}"] for n in (1, 2, 3)]


def removal(round_: Round, **other: object) -> dict[str, object]:
    """Return the body that removes the first firm's case for a veto."""
    review_id = round_.reviews["app_1"]
    return {"review_id": review_id, "ground": "veto", "veto_rule": "tax_evasion", **WHY} | other


async def test_a_veto_takes_a_case_off_the_list_and_the_reserve_is_called_at_once(service: Alone) -> None:
    round_, path = await ranked(service, reserve_call="automatic")

    view = await round_.post(f"{path}/removals", removal(round_))

    assert await states(service) == ["not_recognised", "shortlisted", "outside"]
    left, called = await service.published(ShortlistChanged)
    ranking_id = view["id"]
    assert left["data"] == {
        "ranking_id": ranking_id,
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "list_version": 2,
        "change": "left",
        "review_id": round_.reviews["app_1"],
        "application_id": "app_1",
        "applicant_id": id_of(uscc(1)),
        "applicant": uscc(1),
        "rank": 1,
        "ground": "veto",
        "veto_rule": "tax_evasion",
        "reason": "税务部门查实。",
    }
    assert (called["data"]["change"], called["data"]["application_id"], called["data"]["list_version"]) == (
        "called_up", "app_2", 3,
    )  # fmt: skip
    (ended,) = await service.published(ReviewCompleted)
    assert (ended["data"]["outcome"], ended["data"]["reasons"]) == (
        "not_recognised", ["veto", "tax_evasion", "税务部门查实。"],
    )  # fmt: skip
    assert (view["list_version"], [one["change"] for one in view["changes"]]) == (3, ["left", "called_up"])
    assert (await audited(service, ranking_id))[1:] == [
        ("officer-1", "remove", "proposed", "proposed"),
        ("officer-1", "call_reserve", "proposed", "proposed"),
    ]
    for version, listed in ((1, ["app_1"]), (2, []), (3, ["app_2"])):
        read = await service.send("GET", f"{path}/versions/{version}", who=OBSERVER)
        ids = [round_.reviews[one] for one in listed]
        assert [item["review_id"] for item in read.json()["items"]] == ids
    missing = await service.send("GET", f"{path}/versions/4", who=OBSERVER)
    assert (missing.status_code, missing.json()["code"]) == (404, "list-version-unknown")


@pytest.mark.parametrize(
    ("who", "other", "status", "code"),
    [
        (OFFICER, {"ground": "office_decision", "veto_rule": None}, 403, "ground-of-the-office"),
        (OFFICER, {"veto_rule": "no_such_rule"}, 422, "veto-rule-unknown"),
        (OFFICE, {"ground": "false_statement"}, 422, "veto-rule-unknown"),
        (OFFICE, {"ground": "withdrawn", "veto_rule": None}, 422, "request-invalid"),
        (OFFICE, {"review_id": "rev_none"}, 404, "review-not-found"),
        (OBSERVER, {}, 403, "role-missing"),
        (DEPARTMENT, {}, 403, "role-missing"),
        (PARTNER, {}, 403, "role-missing"),
        (APPLICANT, {}, 403, "role-missing"),
    ],
)
async def test_what_is_no_removal(on_sqlite: Alone, who: str, other: dict[str, object], status: int, code: str) -> None:
    round_, path = await ranked(on_sqlite, reserve_call="automatic")

    refused = await on_sqlite.send("POST", f"{path}/removals", removal(round_, **other), who=who)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await states(on_sqlite) == ["shortlisted", "outside", "outside"]


async def test_by_an_officer_the_reserve_is_called_in_order_for_a_vacant_place_and_skips_who_has_ended(
    service: Alone,
) -> None:
    round_, path = await ranked(service, reserve_call="by_officer")
    full = await service.send("POST", f"{path}/reserve-calls", WHY, who=OFFICER)
    await round_.post(f"{path}/removals", removal(round_), who=OFFICE)
    await service.deliver(withdrawn(2))
    before = await states(service)

    await round_.post(f"{path}/reserve-calls", {"reason": "依次递补。"})
    again = await service.send("POST", f"{path}/reserve-calls", WHY, who=OFFICER)

    assert (full.status_code, full.json()["code"]) == (409, "no-place-vacant")
    assert before == ["not_recognised", "withdrawn", "outside"]
    assert await states(service) == ["not_recognised", "withdrawn", "shortlisted"]
    assert (again.status_code, again.json()["code"]) == (409, "no-place-vacant")


@pytest.mark.parametrize(("rule", "code"), [("never", "reserve-never-called"), ("by_officer", None)])
async def test_a_list_on_which_nobody_is_left_is_closed_and_the_others_end(
    on_sqlite: Alone, rule: str, code: str | None
) -> None:
    round_, path = await ranked(on_sqlite, reserve_call=rule)
    early = await on_sqlite.send("POST", f"{path}/closures", who=OFFICER)
    await round_.post(f"{path}/removals", removal(round_))
    if code is not None:
        called = await on_sqlite.send("POST", f"{path}/reserve-calls", WHY, who=OFFICER)
        assert (called.status_code, called.json()["code"]) == (409, code)

    view = await round_.post(f"{path}/closures")

    assert (early.status_code, early.json()["code"]) == (409, "list-not-empty")
    assert (view["state"], view["allowed_actions"]) == ("closed", [])
    assert await states(on_sqlite) == ["not_recognised"] * 3


async def test_who_is_called_up_after_the_vote_has_a_notice_vote_and_announcement_of_his_own(service: Alone) -> None:
    round_, path = await ranked(service, reserve_call="automatic", quota=2)
    ranking_id = path.rpartition("/")[2]
    await round_.post("/v1/notices", {"ranking_id": ranking_id})
    service.legal.move(days=9)
    voted = await round_.vote(ranking_id)
    await service.deliver(withdrawn(1))
    confirmed = await round_.post(f"/v1/deliberations/{voted['id']}/confirmations", who=OFFICE)

    first = await round_.post("/v1/announcements", announcement(confirmed["id"]), who=OFFICE)

    assert [item["application_id"] for item in first["items"]] == ["app_2"]
    assert await states(service) == ["withdrawn", "recognised", "shortlisted"]
    assert [row["state"] for row in await service.rows("rankings")] == ["on_notice"]
    unseen = await service.send("POST", "/v1/deliberations", vote(ranking_id), who=OFFICER)
    await round_.post("/v1/notices", {"ranking_id": ranking_id})
    runs = await service.send("POST", "/v1/deliberations", vote(ranking_id), who=OFFICER)
    service.legal.move(days=12)
    voted = await round_.vote(ranking_id)
    confirmed = await round_.post(f"/v1/deliberations/{voted['id']}/confirmations", who=OFFICE)
    second = await round_.post("/v1/announcements", announcement(confirmed["id"], number="9号"), who=OFFICE)
    assert [item["application_id"] for item in second["items"]] == ["app_3"]
    assert [(one.status_code, one.json()["code"]) for one in (unseen, runs)] == [
        (409, "notice-missing"),
        (409, "notice-still-open"),
    ]
    notices = [one["data"] for one in await service.published(NoticePublished)]
    assert [(one["supplementary"], len(one["items"])) for one in notices] == [(False, 2), (True, 1)]
    assert await states(service) == ["withdrawn", "recognised", "recognised"]
    assert [row["state"] for row in await service.rows("rankings")] == ["announced"]


async def test_a_held_case_keeps_its_place_while_the_others_are_announced_and_is_decided_after_its_release(
    service: Alone,
) -> None:
    round_, path = await ranked(service, reserve_call="automatic", quota=2)
    ranking_id, case = path.rpartition("/")[2], f"/v1/reviews/{round_.reviews['app_1']}"
    await round_.post("/v1/notices", {"ranking_id": ranking_id})
    service.legal.move(days=9)
    voted = await round_.vote(ranking_id)
    held = await round_.post(f"{case}/holds", WHY, who=OFFICE)
    confirmed = await round_.post(f"/v1/deliberations/{voted['id']}/confirmations", who=OFFICE)
    await round_.post("/v1/announcements", announcement(confirmed["id"]), who=OFFICE)
    assert await states(service) == ["shortlisted", "recognised", "outside"]

    await round_.post(f"{case}/releases", {"reason": "已查清。"}, who=OFFICE)
    voted = await round_.vote(ranking_id)
    confirmed = await round_.post(f"/v1/deliberations/{voted['id']}/confirmations", who=OFFICE)
    await round_.post("/v1/announcements", announcement(confirmed["id"], number="9号"), who=OFFICE)

    assert (held["hold"]["reason"], held["state"]) == ("税务部门查实。", "shortlisted")
    assert len(await service.published(ReviewHeld, ReviewReleased)) == 2
    announced = [
        [item["application_id"] for item in one["data"]["items"]]
        for one in await service.published(AnnouncementPublished)
    ]
    assert announced == [["app_2"], ["app_1"]]
    assert await states(service) == ["recognised", "recognised", "not_recognised"]


async def test_a_held_case_that_is_removed_after_the_announcement_ends_the_round(on_sqlite: Alone) -> None:
    round_, path = await ranked(on_sqlite, reserve_call="never", quota=2)
    ranking_id = path.rpartition("/")[2]
    await round_.post(f"/v1/reviews/{round_.reviews['app_1']}/holds", WHY, who=OFFICE)
    notice = await round_.post("/v1/notices", {"ranking_id": ranking_id})
    on_sqlite.legal.move(days=9)
    voted = await round_.vote(ranking_id)
    confirmed = await round_.post(f"/v1/deliberations/{voted['id']}/confirmations", who=OFFICE)
    await round_.post("/v1/announcements", announcement(confirmed["id"]), who=OFFICE)

    view = await round_.post(f"{path}/removals", removal(round_, ground="false_statement", veto_rule=None), who=OFFICE)

    assert [item["application_id"] for item in notice["items"]] == ["app_2"]
    assert view["state"] == "closed"
    assert await states(on_sqlite) == ["not_recognised", "recognised", "not_recognised"]
