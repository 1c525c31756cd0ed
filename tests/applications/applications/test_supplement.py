from common.contracts.applications.applications import SupplementReceived, SupplementRequested
from common.kernel.digests import digest
from support.casts.applying import APPLICANT, HONOUR, OFFICER, REASON, STRANGER, bring_to, do, last_audit, read
from support.casts.programmes import answers
from support.service.alone import Alone


async def test_a_request_names_the_day_by_the_programmes_clock_and_is_published(service: Alone) -> None:
    application_id = await bring_to(service, "recommended")

    asked = await do(service, application_id, "supplement-requests", OFFICER, REASON)

    assert (asked["state"], asked["reason"]) == ("supplement_requested", REASON["reason"])
    assert asked["supplement_due_on"] == "2015-10-14"  # the fifth working day; Saturday the 10th was one
    (event,) = await service.published(SupplementRequested)
    assert (event["data"]["reason"], event["data"]["due_on"]) == (REASON["reason"], asked["supplement_due_on"])
    assert await last_audit(service) == (
        "person-recognition_officer",
        "request_supplement",
        application_id,
        "recommended",
        "supplement_requested",
        REASON["reason"],
    )


async def test_the_completed_content_has_a_digest_of_its_own_and_goes_back_to_the_officer(service: Alone) -> None:
    application_id = await bring_to(service, "supplement_requested")
    completed = answers(HONOUR) | {"employees": 900}

    received = await do(service, application_id, "supplements", APPLICANT, {"answers": completed})

    (row,) = await service.rows("applications")
    assert (received["state"], received["answers"]) == ("recommended", completed)
    assert row["snapshot"]["answers"] == completed
    assert received["digest"] == digest(row["snapshot"])
    assert row["waits_for"] == "recognition_officer"
    (event,) = await service.published(SupplementReceived)
    assert event["data"]["digest"] == received["digest"]
    again = await service.send("POST", f"/v1/applications/{application_id}/supplement-requests", REASON, who=OFFICER)
    assert (again.status_code, again.json()["code"]) == (409, "supplement-limit-reached")


async def test_another_item_incomplete_content_and_a_late_supplement_are_refused(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "supplement_requested")
    path = f"/v1/applications/{application_id}/supplements"
    other = answers(HONOUR)
    other["trademark"] = other["trademark"] | {"registration_number": "90000009"}

    changed = await on_sqlite.send("POST", path, {"answers": other}, who=APPLICANT)
    incomplete = await on_sqlite.send("POST", path, {"answers": {}}, who=APPLICANT)
    on_sqlite.legal.move(days=30)
    late = await on_sqlite.send("POST", path, {"answers": answers(HONOUR)}, who=APPLICANT)

    assert (changed.status_code, changed.json()["code"]) == (422, "item-changed")
    assert (incomplete.status_code, incomplete.json()["code"]) == (422, "application-incomplete")
    assert (late.status_code, late.json()["code"]) == (409, "supplement-overdue")
    assert (await read(on_sqlite, application_id))["state"] == "supplement_requested"
    assert await on_sqlite.published(SupplementReceived) == []


async def test_it_is_handed_in_by_its_applicant_when_asked_and_from_the_version_seen(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "supplement_requested")
    path = f"/v1/applications/{application_id}/supplements"
    body = {"answers": answers(HONOUR)}

    stale = await on_sqlite.send("POST", path, body, who=APPLICANT, If_Match='"1"')
    by_stranger = await on_sqlite.send("POST", path, body, who=STRANGER)
    by_officer = await on_sqlite.send("POST", path, body, who=OFFICER)
    await do(on_sqlite, application_id, "supplements", APPLICANT, body)
    unasked = await on_sqlite.send("POST", path, body, who=APPLICANT)

    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "application-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert (unasked.status_code, unasked.json()["current_state"]) == (409, "recommended")
