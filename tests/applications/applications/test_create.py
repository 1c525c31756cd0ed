from support.casts.applying import APPLICANT, HONOUR, OFFICER, USCC, last_audit, open_round, register
from support.casts.programmes import answers
from support.service.alone import Alone


async def test_a_draft_is_begun_for_ones_own_organisation_without_an_event(service: Alone) -> None:
    round_ = await open_round(service)
    await register(service)
    before = len(await service.published())

    created = await service.send(
        "POST", "/v1/applications", {"round_id": round_["id"], "answers": answers(HONOUR)}, who=APPLICANT
    )

    assert created.status_code == 201
    draft = created.json()
    assert (draft["state"], draft["stage"], draft["applicant"], draft["division"]) == ("draft", "draft", USCC, "370102")
    assert draft["answers"] == answers(HONOUR)
    assert draft["programme_digest"] == round_["programme_digest"]
    assert draft["allowed_actions"] == ["edit", "attach", "detach", "submit", "withdraw"]
    assert (created.headers["ETag"][:3], created.headers["Location"]) == ('"1-', f"/v1/applications/{draft['id']}")
    (row,) = await service.rows("applications")
    assert (row["id"], row["state"], row["waits_for"]) == (draft["id"], "draft", f"applicant:{USCC}")
    assert len(await service.published()) == before
    assert await last_audit(service) == ("person-applicant", "create", draft["id"], None, "draft", None)


async def test_no_draft_without_a_round_a_registration_or_an_open_period(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)
    body = {"round_id": round_["id"], "answers": {}}

    unregistered = await on_sqlite.send("POST", "/v1/applications", body, who=APPLICANT)
    await register(on_sqlite)
    unknown = await on_sqlite.send("POST", "/v1/applications", body | {"round_id": "rnd_none"}, who=APPLICANT)
    on_sqlite.legal.move(days=60)
    late = await on_sqlite.send("POST", "/v1/applications", body, who=APPLICANT)

    assert (unregistered.status_code, unregistered.json()["code"]) == (409, "applicant-not-registered")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "round-not-found")
    assert (late.status_code, late.json()["code"]) == (409, "round-not-open")
    assert await on_sqlite.rows("applications") == []


async def test_only_applicants_begin_drafts(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)

    refused = await on_sqlite.send("POST", "/v1/applications", {"round_id": round_["id"], "answers": {}}, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")


async def test_an_organisation_of_a_kind_that_the_honour_does_not_admit_begins_no_draft(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)
    await register(on_sqlite, kind="branch")

    refused = await on_sqlite.send("POST", "/v1/applications", {"round_id": round_["id"], "answers": {}}, who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (409, "applicant-kind-not-admitted")
    assert await on_sqlite.rows("applications") == []
