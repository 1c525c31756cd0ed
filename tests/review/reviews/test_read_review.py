import pytest

from support.casts.actors import id_of
from support.casts.reviewing import (
    ADMINISTRATOR,
    APPLICANT,
    DEPARTMENT,
    FAR_PARTNER,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    RECOMMENDER,
    ROUND,
    Round,
    expert,
    uscc,
)
from support.service.alone import Alone

SEES = [OFFICER, OFFICE, DEPARTMENT, OBSERVER, PARTNER]
REFUSED = [APPLICANT, RECOMMENDER, ADMINISTRATOR, expert("expert-1")]


async def test_a_review_is_shown_with_its_snapshot_and_without_panel_or_score(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.score()
    review_id = round_.reviews["app_1"]

    answer = await service.send("GET", f"/v1/reviews/{review_id}", who=DEPARTMENT)

    (row,) = await service.rows("reviews")
    assert answer.status_code == 200
    assert answer.headers["ETag"].startswith(f'"{row["version"]}-')
    assert answer.json() == {
        "id": review_id,
        "version": row["version"],
        "application_id": "app_1",
        "round_id": ROUND,
        "honour": "SERVICE_BRAND",
        "applicant_id": id_of(uscc(1)),
        "applicant": uscc(1),
        "applicant_name": "济南虚构服务1号有限公司",
        "division": "370102",
        "item": "旅游接待服务1",
        "state": "scored",
        "sheets_due_on": "2015-10-28",
        "vacant_seats": 0,
        "rank": None,
        "on_reserve": False,
        "hold": None,
        "opened_at": "2015-10-08T01:00:00Z",
        "digest": row["digest"],
        "snapshot": row["snapshot"],
        "draw_id": row["draw_id"],
        "vacancies": [],
        "shown_until": None,
        "reasons": [],
        "allowed_actions": [],
        "actions": [],
    }
    assert str(row["score"]) == "80.00"


async def test_who_sees_reviews(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    path = f"/v1/reviews/{round_.reviews['app_1']}"

    assert {(await on_sqlite.send("GET", path, who=who)).status_code for who in SEES} == {200}
    assert {(await on_sqlite.send("GET", path, who=who)).status_code for who in REFUSED} == {403}
    assert (await on_sqlite.send("GET", path)).status_code == 401


@pytest.mark.parametrize("who", [FAR_PARTNER, "partner|NO-AREA"])
async def test_a_partner_sees_the_reviews_of_his_area_only(service: Alone, who: str) -> None:
    round_ = await Round(service).open()

    one = await service.send("GET", f"/v1/reviews/{round_.reviews['app_1']}", who=who)
    listed = await service.send("GET", "/v1/reviews", who=who)

    assert (one.status_code, one.json()["code"]) == (404, "review-not-found")
    assert listed.json()["items"] == []
    assert [each["id"] for each in (await service.send("GET", "/v1/reviews", who=PARTNER)).json()["items"]] == [
        round_.reviews["app_1"]
    ]


async def test_reviews_are_filtered_by_round_application_and_state(service: Alone) -> None:
    await Round(service, firms=2).open()

    async def found(query: str) -> list[str]:
        answer = await service.send("GET", f"/v1/reviews?{query}", who=OFFICER)
        return sorted(one["application_id"] for one in answer.json()["items"])

    assert await found("") == ["app_1", "app_2"]
    assert await found(f"round_id={ROUND}") == ["app_1", "app_2"]
    assert await found("round_id=rnd_other") == []
    assert await found("application_id=app_2") == ["app_2"]
    assert await found("state=pending&state=scored") == ["app_1", "app_2"]
    assert await found("state=scored") == []
    wrong = await service.send("GET", "/v1/reviews?state=nowhere", who=OFFICER)
    assert wrong.status_code == 422
