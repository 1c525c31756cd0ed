import pytest

from common.contracts.review import DeliberationConcluded
from support.reviewing import APPLICANT, DEPARTMENT, OBSERVER, OFFICE, OFFICER, PARTNER, ROUND, Round, audited, vote
from support.service import Alone


async def test_a_vote_is_recorded_and_waits_for_the_office(service: Alone) -> None:
    view = await (await Round(service).open()).deliberate()

    (ranking,) = await service.rows("rankings")
    assert (view["state"], view["recognition_body"], view["votes_for"]) == ("concluded", "SD-BODY", 10)
    assert view["allowed_actions"] == []
    assert ranking["state"] == "deliberated"
    (told,) = await service.told(DeliberationConcluded)
    assert told["data"] == {
        "deliberation_id": view["id"],
        "ranking_id": ranking["id"],
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "votes_for": 10,
        "votes_against": 1,
        "abstained": 1,
    }
    assert await audited(service, view["id"]) == [("officer-1", "conclude", None, "concluded")]
    for who, count in ((OFFICE, 1), (OFFICER, 0), (OBSERVER, 0)):
        desk = await service.send("GET", "/v1/deliberations?waiting_for=me", who=who)
        assert len(desk.json()["items"]) == count
    for who in (DEPARTMENT, PARTNER, APPLICANT):
        assert (await service.send("GET", f"/v1/deliberations/{view['id']}", who=who)).status_code == 403


async def test_the_list_is_voted_on_after_the_last_day_of_the_notice(service: Alone) -> None:
    round_ = await Round(service).open()
    ranking = await round_.rank()
    body = vote(ranking["id"])

    early = await service.send("POST", "/v1/deliberations", body, who=OFFICER)
    await round_.post("/v1/notices", {"ranking_id": ranking["id"]})
    service.legal.move(days=8, hours=14, minutes=59)  # 16 October, 23:59 in Shanghai
    last_day = await service.send("POST", "/v1/deliberations", body, who=OFFICER)
    service.legal.move(minutes=1)
    after = await service.send("POST", "/v1/deliberations", body, who=OFFICER)
    twice = await service.send("POST", "/v1/deliberations", body, who=OFFICER)

    assert (early.status_code, early.json()["code"]) == (409, "action-not-allowed")
    assert (early.json()["current_state"], early.json()["allowed_actions"]) == ("proposed", [])
    assert (last_day.status_code, last_day.json()["code"]) == (409, "notice-still-open")
    assert after.status_code == 201
    assert (twice.status_code, twice.json()["current_state"]) == (409, "deliberated")
    assert len(await service.rows("deliberations")) == 1


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ((9, 0, 0), "quorum-missing"),
        ((6, 4, 0), "votes-not-enough"),
        ((6, 0, 4), "votes-not-enough"),
        ((16, 0, 0), "votes-exceed-seats"),
        ((11, 3, 2), "votes-exceed-seats"),
    ],
)
async def test_a_vote_that_the_programme_does_not_count_leaves_the_list_on_notice(
    service: Alone, votes: tuple[int, int, int], code: str
) -> None:
    notice = await (await Round(service).open()).notice()
    service.legal.move(days=9)
    body = vote(notice["ranking_id"], votes_for=votes[0], votes_against=votes[1], abstained=votes[2])

    refused = await service.send("POST", "/v1/deliberations", body, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert [row["state"] for row in await service.rows("rankings")] == ["on_notice"]
    assert await service.told(DeliberationConcluded) == []


async def test_a_full_house_of_the_programmes_fifteen_seats_votes(service: Alone) -> None:
    notice = await (await Round(service).open()).notice()
    service.legal.move(days=9)

    concluded = await service.send(
        "POST", "/v1/deliberations", vote(notice["ranking_id"], votes_for=11, votes_against=3), who=OFFICER
    )

    assert (concluded.status_code, concluded.json()["votes_for"]) == (201, 11)


async def test_only_the_recognition_body_deliberates(service: Alone) -> None:
    for who in (OFFICE, OBSERVER, DEPARTMENT):
        assert (await service.send("POST", "/v1/deliberations", vote("rnk_1"), who=who)).status_code == 403
    missing = await service.send("POST", "/v1/deliberations", vote("rnk_1"), who=OFFICER)
    assert (missing.status_code, missing.json()["code"]) == (404, "ranking-not-found")
