import pytest

from common.contracts.applications.applications import ApplicationWithdrawn, WithdrawalRequested
from support.casts.applying import APPLICANT, OFFICER, STRANGER, bring_to, do, last_audit, read
from support.service.alone import Alone

BODY = {"reason": "企业改制，不再申报。"}


@pytest.mark.parametrize("state", ["returned", "recommended"])
async def test_what_was_handed_in_is_withdrawn_and_published(service: Alone, state: str) -> None:
    application_id = await bring_to(service, state)

    withdrawn = await do(service, application_id, "withdrawals", APPLICANT, BODY)

    assert (withdrawn["state"], withdrawn["stage"], withdrawn["allowed_actions"]) == ("withdrawn", "withdrawn", [])
    assert [row["waits_for"] for row in await service.rows("applications")] == [None]
    (event,) = await service.published(ApplicationWithdrawn)
    assert (event["key"], event["data"]["reason"]) == (application_id, BODY["reason"])
    assert await last_audit(service) == (
        "person-applicant",
        "withdraw",
        application_id,
        state,
        "withdrawn",
        BODY["reason"],
    )


async def test_what_is_under_review_is_asked_for_and_shown_as_asked(service: Alone) -> None:
    application_id = await bring_to(service, "accepted")

    asked = await do(service, application_id, "withdrawals", APPLICANT, BODY)
    again = await service.send("POST", f"/v1/applications/{application_id}/withdrawals", BODY, who=APPLICANT)

    assert (asked["state"], asked["stage"], asked["allowed_actions"]) == ("withdrawal_requested", "accepted", [])
    assert asked["withdrawal"] == {
        "reason": BODY["reason"],
        "requested_at": "2015-10-08T01:00:00Z",
        "outcome": None,
        "note": None,
        "settled_at": None,
    }
    assert (again.status_code, again.json()["code"]) == (409, "action-not-allowed")
    (event,) = await service.published(WithdrawalRequested)
    assert (event["key"], event["data"]["reason"]) == (application_id, BODY["reason"])
    assert await service.published(ApplicationWithdrawn) == []
    assert (await last_audit(service))[1:5] == ("withdraw", application_id, "accepted", "withdrawal_requested")


async def test_a_draft_is_withdrawn_without_an_event(service: Alone) -> None:
    application_id = await bring_to(service, "draft")

    withdrawn = await do(service, application_id, "withdrawals", APPLICANT, BODY)

    assert withdrawn["state"] == "withdrawn"
    assert await service.published(ApplicationWithdrawn) == []


async def test_it_is_withdrawn_once_by_its_applicant_and_from_the_version_seen(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    path = f"/v1/applications/{application_id}/withdrawals"

    stale = await on_sqlite.send("POST", path, BODY, who=APPLICANT, If_Match='"1"')
    by_stranger = await on_sqlite.send("POST", path, BODY, who=STRANGER)
    by_officer = await on_sqlite.send("POST", path, BODY, who=OFFICER)
    before = await read(on_sqlite, application_id)
    await do(on_sqlite, application_id, "withdrawals", APPLICANT, BODY)
    again = await on_sqlite.send("POST", path, BODY, who=APPLICANT)

    assert before["state"] == "submitted"
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "application-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert (again.status_code, again.json()["code"]) == (409, "application-closed")
    assert (again.json()["current_state"], again.json()["allowed_actions"]) == ("withdrawn", [])
