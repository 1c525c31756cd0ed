"""An organisation has several users: each acts for it, and the audit says who did what."""

from typing import Final

from support.casts.applying import APPLICANT, CONTACT, FIRM, complete, do, draft, read
from support.service.alone import Alone

COLLEAGUE: Final = f"{APPLICANT}|person-colleague"


async def test_what_one_begins_another_of_the_same_organisation_completes_and_submits(on_sqlite: Alone) -> None:
    application_id = (await draft(on_sqlite))["id"]
    await complete(on_sqlite, application_id, who=COLLEAGUE)

    await do(on_sqlite, application_id, "submissions", COLLEAGUE)

    assert (await read(on_sqlite, application_id, APPLICANT))["state"] == "submitted"
    acted = [
        (row["action"], row["actor_sub"])
        for row in await on_sqlite.rows("audit")
        if row["subject_id"] == application_id
    ]
    assert acted[0] == ("create", "person-applicant")
    assert acted[-1] == ("submit", "person-colleague")


async def test_they_share_one_registration(on_sqlite: Alone) -> None:
    await draft(on_sqlite)

    again = await on_sqlite.send("POST", "/v1/applicants", {**FIRM, "contact": CONTACT}, who=COLLEAGUE)

    assert (again.status_code, again.json()["code"]) == (409, "applicant-already-registered")
