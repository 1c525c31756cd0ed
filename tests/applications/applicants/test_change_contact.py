from support.applying import APPLICANT, CONTACT, OFFICER, STRANGER, USCC, last_audit, register
from support.service import Alone

PATH = f"/v1/applicants/{USCC}/contact"
OTHER = {"name": "另一联系人", "email": "other@firm.example.test", "phone": None}


async def test_another_contact_replaces_the_first_and_the_answer_does_not_show_him(service: Alone) -> None:
    registered = await register(service)

    changed = await service.send("PUT", PATH, OTHER, who=APPLICANT, If_Match='"1"')

    assert changed.status_code == 200
    assert changed.json() == registered | {"version": 2}
    assert changed.headers["ETag"] == '"2"'
    assert [row["contact"] for row in await service.rows("applicants")] == [OTHER]
    assert await service.told() == []
    assert await last_audit(service) == ("person-applicant", "change_contact", registered["id"], None, None, None)


async def test_a_change_must_say_which_version_was_seen(service: Alone) -> None:
    await register(service)

    blind = await service.send("PUT", PATH, OTHER, who=APPLICANT)
    stale = await service.send("PUT", PATH, OTHER, who=APPLICANT, If_Match='"9"')

    assert (blind.status_code, blind.json()["code"]) == (428, "precondition-required")
    assert (stale.status_code, stale.json()["code"], stale.headers["ETag"]) == (412, "version-stale", '"1"')
    assert [row["contact"] for row in await service.rows("applicants")] == [CONTACT]


async def test_nobody_else_changes_it(service: Alone) -> None:
    await register(service)

    by_stranger = await service.send("PUT", PATH, OTHER, who=STRANGER, If_Match='"1"')
    by_officer = await service.send("PUT", PATH, OTHER, who=OFFICER, If_Match='"1"')

    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "applicant-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert [row["contact"] for row in await service.rows("applicants")] == [CONTACT]
