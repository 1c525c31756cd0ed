from common.contracts.applications.contacts import ContactChanged
from support.casts.applying import APPLICANT, OFFICER, STORED_CONTACT, STRANGER, USCC, last_audit, register
from support.service.alone import Alone

PATH = f"/v1/applicants/{USCC}/contact"
OTHER = {"name": "另一联系人", "email": "other@firm.example.test", "phone": None}


async def test_another_contact_replaces_the_first_and_the_answer_does_not_show_him(service: Alone) -> None:
    registered = await register(service)

    changed = await service.send("PUT", PATH, OTHER, who=APPLICANT, If_Match='"1"')

    assert changed.status_code == 200
    assert changed.json() == registered | {"version": 2}
    assert changed.headers["ETag"].startswith('"2-')
    stored = OTHER | {"named_at": "2015-10-08T01:00:00Z"}
    assert [row["contact"] for row in await service.rows("applicants")] == [stored]
    (event,) = await service.published(ContactChanged)
    assert event["data"] == {"contact_id": registered["id"], "applicant": USCC, "contact": stored}
    assert await last_audit(service) == ("person-applicant", "change_contact", registered["id"], None, None, None)


async def test_a_change_must_say_which_version_was_seen(on_sqlite: Alone) -> None:
    await register(on_sqlite)

    blind = await on_sqlite.send("PUT", PATH, OTHER, who=APPLICANT)
    stale = await on_sqlite.send("PUT", PATH, OTHER, who=APPLICANT, If_Match='"9"')

    assert (blind.status_code, blind.json()["code"]) == (428, "precondition-required")
    assert (stale.status_code, stale.json()["code"], stale.headers["ETag"]) == (412, "version-stale", '"1"')
    assert [row["contact"] for row in await on_sqlite.rows("applicants")] == [STORED_CONTACT]


async def test_nobody_else_changes_it(on_sqlite: Alone) -> None:
    await register(on_sqlite)

    by_stranger = await on_sqlite.send("PUT", PATH, OTHER, who=STRANGER, If_Match='"1"')
    by_officer = await on_sqlite.send("PUT", PATH, OTHER, who=OFFICER, If_Match='"1"')

    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "applicant-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert [row["contact"] for row in await on_sqlite.rows("applicants")] == [STORED_CONTACT]
