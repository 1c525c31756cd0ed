from common.contracts.applications.applications import ApplicationRecommended
from support.casts.applying import APPLICANT, CITY, COUNTY, OFFICER, OTHER_CITY, STRANGER, bring_to, do, read
from support.service.alone import Alone

OPINION = {"opinion": "材料属实，同意推荐。"}


async def test_each_stage_recommends_in_turn_and_its_opinion_is_kept(service: Alone) -> None:
    application_id = await bring_to(service, "submitted")

    by_county = await do(service, application_id, "recommendations", COUNTY, OPINION)
    by_city = await do(service, application_id, "recommendations", CITY, {"opinion": "同意。"})

    assert (by_county["state"], by_county["allowed_actions"]) == ("submitted", [])
    assert (by_city["state"], by_city["stage"]) == ("recommended", "recommended")
    assert by_city["recommenders"] == [
        {"chain_stage": "county", "agency": "SD-370102"},
        {"chain_stage": "city", "agency": "SD-370100"},
    ]
    published = [
        (one["data"]["chain_stage"], one["data"]["agency"]) for one in await service.published(ApplicationRecommended)
    ]
    assert published == [("county", "SD-370102"), ("city", "SD-370100")]
    kept = [
        (row["chain_stage"], row["agency"], row["verdict"], row["opinion"])
        for row in await service.rows("recommendations")
    ]
    assert sorted(kept, reverse=True) == [
        ("county", "SD-370102", "recommended", OPINION["opinion"]),
        ("city", "SD-370100", "recommended", "同意。"),
    ]
    moves = [
        (row["action"], row["reason"]) for row in await service.rows("audit") if row["subject_id"] == application_id
    ]
    assert moves[-2:] == [("recommend", OPINION["opinion"]), ("conclude_recommendation", "同意。")]


async def test_who_is_not_next_or_not_of_the_area_does_not_recommend(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    path = f"/v1/applications/{application_id}/recommendations"

    too_early = await on_sqlite.send("POST", path, OPINION, who=CITY)
    elsewhere = await on_sqlite.send("POST", path, OPINION, who=OTHER_CITY)
    by_others = [await on_sqlite.send("POST", path, OPINION, who=who) for who in (APPLICANT, STRANGER, OFFICER)]
    stale = await on_sqlite.send("POST", path, OPINION, who=COUNTY, If_Match='"1"')

    assert (too_early.status_code, too_early.json()["code"]) == (403, "not-your-level")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "application-not-found")
    assert [(one.status_code, one.json()["code"]) for one in by_others] == [(403, "role-missing")] * 3
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert await on_sqlite.rows("recommendations") == []
    assert await on_sqlite.published(ApplicationRecommended) == []


async def test_what_is_recommended_is_not_recommended_again(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "recommended")

    again = await on_sqlite.send("POST", f"/v1/applications/{application_id}/recommendations", OPINION, who=CITY)

    problem = again.json()
    assert (again.status_code, problem["code"], problem["current_state"]) == (409, "action-not-allowed", "recommended")
    assert problem["allowed_actions"] == []
    assert (await read(on_sqlite, application_id))["state"] == "recommended"
