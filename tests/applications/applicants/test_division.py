"""The area of an applicant: that of its account, or confirmed by the recommender who recommends it first."""

from typing import Any

import pytest

from support.casts.applying import (
    CITY,
    CONTACT,
    COUNTY,
    FIRM,
    OFFICER,
    REASON,
    USCC,
    begin,
    complete,
    do,
    open_round,
    read,
)
from support.service.alone import Alone

UNNAMED = f"applicant|{USCC}"
"""The account of the firm, which does not say to which division it belongs."""
OTHER_COUNTY = "recommender|SD-370103|370103"
OPINION = {"opinion": "同意推荐。"}


async def _registered(service: Alone, who: str = UNNAMED, **changes: object) -> dict[str, Any]:
    answer = await service.send("POST", "/v1/applicants", {**FIRM, "contact": CONTACT, **changes}, who=who)
    assert answer.status_code == 201, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def _submitted(service: Alone) -> str:
    """Register without an area in the account, and submit."""
    round_ = await open_round(service)
    await _registered(service)
    one = (await begin(service, round_["id"], UNNAMED))["id"]
    await complete(service, one)
    await do(service, one, "submissions", UNNAMED)
    return str(one)


@pytest.mark.parametrize("division", ["370103", "370202", "370100"])
async def test_an_account_of_one_county_cannot_register_in_another(on_sqlite: Alone, division: str) -> None:
    body = {**FIRM, "contact": CONTACT, "division": division}

    refused = await on_sqlite.send("POST", "/v1/applicants", body, who=f"{UNNAMED}|370102")

    assert (refused.status_code, refused.json()["code"]) == (422, "division-not-yours")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/division"]
    assert "370102" in refused.json()["detail"]
    assert await on_sqlite.rows("applicants") == []


async def test_the_division_of_the_account_needs_no_other_confirmation(service: Alone) -> None:
    registered = await _registered(service, f"{UNNAMED}|370102")

    assert registered["division_confirmation"] == {
        "source": "account",
        "agency": None,
        "confirmed_at": "2015-10-08T01:00:00Z",
    }


async def test_an_unconfirmed_division_is_confirmed_with_the_first_recommendation_and_shown(service: Alone) -> None:
    one = await _submitted(service)
    path = f"/v1/applications/{one}/recommendations"

    refused = await service.send("POST", path, OPINION, who=COUNTY)
    unchanged = await read(service, one, COUNTY)
    recommended = await service.send("POST", path, {**OPINION, "confirms_division": True}, who=COUNTY)
    by_city = await service.send("POST", path, OPINION, who=CITY)

    assert (refused.status_code, refused.json()["code"]) == (409, "division-unconfirmed")
    assert (unchanged["recommenders"], unchanged["division_confirmation"]) == ([], None)
    confirmed = {"source": "recommender", "agency": "SD-370102", "confirmed_at": "2015-10-08T01:00:00Z"}
    assert (recommended.status_code, recommended.json()["division_confirmation"]) == (201, confirmed)
    assert by_city.status_code == 201
    seen = (await service.send("GET", f"/v1/applicants/{USCC}", who=OFFICER)).json()
    assert seen["division_confirmation"] == confirmed
    (row,) = await service.rows("applicants")
    assert row["division_confirmation"]["confirmed_by"] == "person-recommender"
    audited = [(row["actor_org"], row["action"]) for row in await service.rows("audit")]
    assert ("SD-370102", "confirm_division") in audited


async def test_what_one_application_confirmed_the_next_one_need_not(service: Alone) -> None:
    one = await _submitted(service)
    await do(service, one, "recommendations", COUNTY, {**OPINION, "confirms_division": True})
    round_id = (await read(service, one, UNNAMED))["round_id"]

    another = await begin(service, round_id, UNNAMED)

    assert another["division_confirmation"]["agency"] == "SD-370102"


async def test_an_application_from_elsewhere_is_returned_corrected_and_goes_to_the_right_county(
    service: Alone,
) -> None:
    one = await _submitted(service)
    await do(service, one, "returns", COUNTY, REASON)

    etag = (await service.send("GET", f"/v1/applicants/{USCC}", who=UNNAMED)).headers["ETag"]
    corrected = await service.send(
        "PUT", f"/v1/applicants/{USCC}/division", {"division": "370103"}, who=UNNAMED, If_Match=etag
    )
    await do(service, one, "submissions", UNNAMED)

    assert (corrected.status_code, corrected.json()["division"]) == (200, "370103")
    hidden = await service.send("GET", f"/v1/applications/{one}", who=COUNTY)
    seen = await read(service, one, OTHER_COUNTY)
    assert (hidden.status_code, seen["division"], seen["division_confirmation"]) == (404, "370103", None)
    assert seen["allowed_actions"] == ["recommend", "return", "move"]
    (row,) = await service.rows("applications")
    assert row["snapshot"]["applicant"]["division"] == "370103"


async def test_only_its_applicant_corrects_a_division_and_not_against_the_account(on_sqlite: Alone) -> None:
    await _registered(on_sqlite, f"{UNNAMED}|370102")
    path, body = f"/v1/applicants/{USCC}/division", {"division": "370103"}

    by_officer = await on_sqlite.send("PUT", path, body, who=OFFICER, If_Match='"1"')
    against = await on_sqlite.send("PUT", path, body, who=f"{UNNAMED}|370102", If_Match='"1"')

    assert (by_officer.status_code, against.status_code) == (403, 422)
    assert against.json()["code"] == "division-not-yours"
