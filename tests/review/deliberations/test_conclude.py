import pytest

from common.contracts.review.deliberations import DeliberationConcluded
from support.casts.reviewing import (
    APPLICANT,
    DEPARTMENT,
    OBSERVER,
    OFFICE,
    OFFICER,
    OTHER_OFFICER,
    PARTNER,
    ROUND,
    Round,
    attach_ballots,
    audited,
    uscc,
    vote,
)
from support.service.alone import Alone


async def test_a_vote_is_recorded_and_waits_for_the_office(service: Alone) -> None:
    view = await (await Round(service).open()).deliberate()

    (ranking,) = await service.rows("rankings")
    assert (view["state"], view["recognition_body"], view["votes_for"]) == ("concluded", "SD-BODY", 10)
    assert view["allowed_actions"] == []
    assert ranking["state"] == "deliberated"
    (published,) = await service.published(DeliberationConcluded)
    assert published["data"] == {
        "deliberation_id": view["id"],
        "ranking_id": ranking["id"],
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "votes_for": 10,
        "votes_against": 1,
        "abstained": 1,
        "votes": [
            {"seat": one["seat"], "vote": one["vote"], "recused_from": []} for one in vote(ranking["id"])["votes"]
        ],
        "items": ["app_1"],
    }
    assert await audited(service, view["id"]) == [
        ("officer-1", "record", None, "recorded"),
        ("officer-1", "attach", "recorded", "recorded"),
        ("officer-1", "attach", "recorded", "recorded"),
        ("officer-2", "conclude", "recorded", "concluded"),
    ]
    for who, count in ((OFFICE, 1), (OFFICER, 0), (OBSERVER, 0)):
        desk = await service.send("GET", "/v1/deliberations?waiting_for=me", who=who)
        assert len(desk.json()["items"]) == count
    for who in (DEPARTMENT, PARTNER, APPLICANT):
        assert (await service.send("GET", f"/v1/deliberations/{view['id']}", who=who)).status_code == 403


async def test_the_list_is_voted_on_after_the_last_day_of_the_notice(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    ranking = await round_.rank()
    body = vote(ranking["id"])

    early = await on_sqlite.send("POST", "/v1/deliberations", body, who=OFFICER)
    await round_.post("/v1/notices", {"ranking_id": ranking["id"]})
    on_sqlite.legal.move(days=8, hours=14, minutes=59)  # 16 October, 23:59 in Shanghai
    last_day = await on_sqlite.send("POST", "/v1/deliberations", body, who=OFFICER)
    on_sqlite.legal.move(minutes=1)
    after = await on_sqlite.send("POST", "/v1/deliberations", body, who=OFFICER)
    twice = await on_sqlite.send("POST", "/v1/deliberations", body, who=OFFICER)

    assert (early.status_code, early.json()["code"]) == (409, "action-not-allowed")
    assert (early.json()["current_state"], early.json()["allowed_actions"]) == ("proposed", [])
    assert (last_day.status_code, last_day.json()["code"]) == (409, "notice-still-open")
    assert after.status_code == 201
    assert (twice.status_code, twice.json()["current_state"]) == (409, "deliberated")
    assert len(await on_sqlite.rows("deliberations")) == 1


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ((9, 0, 0), "quorum-missing"),
    ],
)
async def test_a_vote_that_the_programme_does_not_count_leaves_the_list_on_notice(
    on_sqlite: Alone, votes: tuple[int, int, int], code: str
) -> None:
    notice = await (await Round(on_sqlite).open()).notice()
    on_sqlite.legal.move(days=9)
    body = vote(notice["ranking_id"], votes_for=votes[0], votes_against=votes[1], abstained=votes[2])

    refused = await on_sqlite.send("POST", "/v1/deliberations", body, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert [row["state"] for row in await on_sqlite.rows("rankings")] == ["on_notice"]
    assert await on_sqlite.published(DeliberationConcluded) == []


async def test_only_the_recognition_body_deliberates(on_sqlite: Alone) -> None:
    for who in (OFFICE, OBSERVER, DEPARTMENT):
        assert (await on_sqlite.send("POST", "/v1/deliberations", vote("rnk_1"), who=who)).status_code == 403
    missing = await on_sqlite.send("POST", "/v1/deliberations", vote("rnk_1"), who=OFFICER)
    assert (missing.status_code, missing.json()["code"]) == (404, "ranking-not-found")


async def test_a_second_person_concludes_with_ballots_and_minutes_or_the_record_is_discarded(service: Alone) -> None:
    round_ = await Round(service).open()
    notice = await round_.notice()
    service.legal.move(days=9)
    wrong = await round_.post("/v1/deliberations", vote(notice["ranking_id"]))
    path = f"/v1/deliberations/{wrong['id']}"
    own = await service.send("POST", f"{path}/conclusions", who=OFFICER)
    bare = await service.send("POST", f"{path}/conclusions", who=OTHER_OFFICER)
    discarded = await round_.post(f"{path}/discards", {"reason": "席位记错。"})
    late = await service.send("POST", f"{path}/conclusions", who=OTHER_OFFICER)

    recorded = await round_.post("/v1/deliberations", vote(notice["ranking_id"]))
    await attach_ballots(service, recorded["id"])
    concluded = await round_.post(f"/v1/deliberations/{recorded['id']}/conclusions", who=OTHER_OFFICER)

    assert (own.status_code, own.json()["code"]) == (403, "second-person-needed")
    assert (bare.status_code, bare.json()["code"]) == (409, "ballots-missing")
    assert (late.status_code, late.json()["code"]) == (409, "deliberation-discarded")
    assert (discarded["state"], concluded["state"]) == ("discarded", "concluded")
    assert len(await service.published(DeliberationConcluded)) == 1
    digest = concluded["attachments"][0]["digest"]
    read = await service.send("GET", f"/v1/deliberations/{recorded['id']}/attachments/{digest}", who=OFFICE)
    missing = await service.send("GET", f"{path}/attachments/{digest}", who=OFFICE)
    assert (read.status_code, read.headers["Content-Type"]) == (200, "application/pdf")
    assert (missing.status_code, missing.json()["code"]) == (404, "file-missing")


async def test_the_seat_of_a_recused_member_is_not_counted_for_his_case(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    notice = await round_.notice()
    on_sqlite.legal.move(days=9)
    declared = {"person": "member-1", "applicant": uscc(1), "reason": "近亲属任职。"}
    await round_.post("/v1/recusals", declared, who=OBSERVER)

    few = await on_sqlite.send(
        "POST", "/v1/deliberations", vote(notice["ranking_id"], votes_for=10, votes_against=0, abstained=0), who=OFFICER
    )
    voted = await round_.post("/v1/deliberations", vote(notice["ranking_id"], votes_for=11))

    assert (few.status_code, few.json()["code"]) == (409, "quorum-missing")
    assert "app_1" in few.json()["detail"]
    assert [one["recused_from"] for one in voted["votes"]][:2] == [["app_1"], []]
