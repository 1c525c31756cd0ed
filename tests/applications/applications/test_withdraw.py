import pytest

from common.contracts.applications import ApplicationWithdrawn
from support.applying import APPLICANT, OFFICER, STRANGER, bring_to, do, last_audit, read
from support.service import Alone

BODY = {"reason": "企业改制，不再申报。"}


@pytest.mark.parametrize("state", ["returned", "accepted"])
async def test_what_was_handed_in_is_withdrawn_and_told(service: Alone, state: str) -> None:
    application_id = await bring_to(service, state)

    withdrawn = await do(service, application_id, "withdrawals", APPLICANT, BODY)

    assert (withdrawn["state"], withdrawn["stage"], withdrawn["allowed_actions"]) == ("withdrawn", "withdrawn", [])
    assert [row["waits_for"] for row in await service.rows("applications")] == [None]
    (event,) = await service.told(ApplicationWithdrawn)
    assert (event["key"], event["data"]["reason"]) == (application_id, BODY["reason"])
    assert await last_audit(service) == (
        "person-applicant",
        "withdraw",
        application_id,
        state,
        "withdrawn",
        BODY["reason"],
    )


async def test_a_draft_is_withdrawn_without_a_word(service: Alone) -> None:
    application_id = await bring_to(service, "draft")

    withdrawn = await do(service, application_id, "withdrawals", APPLICANT, BODY)

    assert withdrawn["state"] == "withdrawn"
    assert await service.told(ApplicationWithdrawn) == []


async def test_it_is_withdrawn_once_by_its_applicant_and_from_the_version_seen(service: Alone) -> None:
    application_id = await bring_to(service, "submitted")
    path = f"/v1/applications/{application_id}/withdrawals"

    stale = await service.send("POST", path, BODY, who=APPLICANT, If_Match='"1"')
    by_stranger = await service.send("POST", path, BODY, who=STRANGER)
    by_officer = await service.send("POST", path, BODY, who=OFFICER)
    before = await read(service, application_id)
    await do(service, application_id, "withdrawals", APPLICANT, BODY)
    again = await service.send("POST", path, BODY, who=APPLICANT)

    assert before["state"] == "submitted"
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "application-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert (again.status_code, again.json()["code"]) == (409, "application-closed")
    assert (again.json()["current_state"], again.json()["allowed_actions"]) == ("withdrawn", [])
