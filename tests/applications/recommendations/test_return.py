import pytest

from common.contracts.applications.applications import ApplicationReturned
from support.casts.applying import APPLICANT, CITY, COUNTY, OFFICER, OTHER_CITY, REASON, bring_to, do
from support.service.alone import Alone


@pytest.mark.parametrize(
    ("state", "who", "stage"),
    [
        ("submitted", COUNTY, "county"),
        ("recommended", OFFICER, "recognition_body"),
    ],
)
async def test_a_return_names_its_stage_and_its_reason_and_is_kept(
    service: Alone, state: str, who: str, stage: str
) -> None:
    application_id = await bring_to(service, state)

    returned = await do(service, application_id, "returns", who, REASON)

    assert (returned["state"], returned["stage"], returned["reason"]) == ("returned", "returned", REASON["reason"])
    (event,) = await service.published(ApplicationReturned)
    assert (event["data"]["chain_stage"], event["data"]["reason"]) == (stage, REASON["reason"])
    kept = [row for row in await service.rows("recommendations") if row["verdict"] == "returned"]
    assert [(row["chain_stage"], row["opinion"]) for row in kept] == [(stage, REASON["reason"])]


async def test_a_corrected_application_begins_the_chain_again(service: Alone) -> None:
    application_id = await bring_to(service, "returned")

    await do(service, application_id, "submissions", APPLICANT)

    desk = await service.send("GET", "/v1/applications?waiting_for=me", who=COUNTY)
    assert [one["id"] for one in desk.json()["items"]] == [application_id]


async def test_who_may_not_return_changes_nothing(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    path = f"/v1/applications/{application_id}/returns"

    too_early = await on_sqlite.send("POST", path, REASON, who=CITY)
    elsewhere = await on_sqlite.send("POST", path, REASON, who=OTHER_CITY)
    by_applicant = await on_sqlite.send("POST", path, REASON, who=APPLICANT)
    stale = await on_sqlite.send("POST", path, REASON, who=COUNTY, If_Match='"1"')
    await do(on_sqlite, application_id, "returns", COUNTY, REASON)
    again = await on_sqlite.send("POST", path, REASON, who=OFFICER)

    assert (too_early.status_code, too_early.json()["code"]) == (403, "not-your-level")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "application-not-found")
    assert (by_applicant.status_code, by_applicant.json()["code"]) == (403, "role-missing")
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert (again.status_code, again.json()["current_state"]) == (409, "returned")
    assert len(await on_sqlite.published(ApplicationReturned)) == 1
