from support.casts.applying import APPLICANT, OFFICER, STRANGER, bring_to, draft, last_audit, read
from support.service.alone import Alone


async def test_an_edit_replaces_the_answers_of_the_version_that_was_seen(service: Alone) -> None:
    before = await draft(service)
    path = f"/v1/applications/{before['id']}"

    edited = await service.send("PUT", path, {"answers": {"employees": 900}}, who=APPLICANT, If_Match='"1"')

    assert edited.status_code == 200
    assert edited.json() == before | {"answers": {"employees": 900}, "version": 2}
    assert edited.headers["ETag"].startswith('"2-')
    assert await read(service, before["id"]) == edited.json()
    assert await last_audit(service) == ("person-applicant", "edit", before["id"], "draft", "draft", None)


async def test_an_edit_must_name_the_newest_version(on_sqlite: Alone) -> None:
    before = await draft(on_sqlite)
    path = f"/v1/applications/{before['id']}"

    blind = await on_sqlite.send("PUT", path, {"answers": {}}, who=APPLICANT)
    stale = await on_sqlite.send("PUT", path, {"answers": {}}, who=APPLICANT, If_Match='"5"')

    assert (blind.status_code, blind.json()["code"]) == (428, "precondition-required")
    assert (stale.status_code, stale.json()["code"], stale.headers["ETag"]) == (412, "version-stale", '"1"')
    assert await read(on_sqlite, before["id"]) == before


async def test_what_was_handed_in_is_not_edited(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    version = (await read(on_sqlite, application_id))["version"]

    refused = await on_sqlite.send(
        "PUT", f"/v1/applications/{application_id}", {"answers": {}}, who=APPLICANT, If_Match=f'"{version}"'
    )

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["current_state"]) == (409, "action-not-allowed", "submitted")
    assert problem["allowed_actions"] == ["withdraw"]


async def test_nobody_else_edits(on_sqlite: Alone) -> None:
    before = await draft(on_sqlite)
    path = f"/v1/applications/{before['id']}"

    by_stranger = await on_sqlite.send("PUT", path, {"answers": {}}, who=STRANGER, If_Match='"1"')
    by_officer = await on_sqlite.send("PUT", path, {"answers": {}}, who=OFFICER, If_Match='"1"')

    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "application-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert await read(on_sqlite, before["id"]) == before
