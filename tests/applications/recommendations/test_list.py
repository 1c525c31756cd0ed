from support.casts.applying import APPLICANT, COUNTY, OBSERVER, OTHER_CITY, STRANGER, bring_to
from support.service.alone import Alone


async def test_decisions_are_seen_by_those_who_see_the_application(service: Alone) -> None:
    application_id = await bring_to(service, "recommended")
    path = f"/v1/recommendations?application_id={application_id}"

    seen = [(await service.send("GET", path, who=who)).json()["items"] for who in (APPLICANT, COUNTY, OBSERVER)]
    unseen = [(await service.send("GET", path, who=who)).json()["items"] for who in (STRANGER, OTHER_CITY)]
    by_expert = await service.send("GET", path, who="expert|SD-POOL|370000")

    assert [sorted((one["chain_stage"], one["agency"]) for one in items) for items in seen] == [
        [("city", "SD-370100"), ("county", "SD-370102")]
    ] * 3
    assert unseen == [[], []]
    assert "decided_by" not in seen[0][0]
    assert (by_expert.status_code, by_expert.json()["code"]) == (403, "role-missing")
    none = await service.send("GET", "/v1/recommendations?application_id=app_none", who=APPLICANT)
    assert none.json()["items"] == []
