from support.applying import APPLICANT, HONOUR, OFFICER, USCC, last_audit, open_round, register
from support.programmes import answers
from support.service import Alone


async def test_a_draft_is_begun_for_ones_own_organisation_and_nobody_is_told(service: Alone) -> None:
    round_ = await open_round(service)
    await register(service)
    told = len(await service.told())

    created = await service.send(
        "POST", "/v1/applications", {"round_id": round_["id"], "answers": answers(HONOUR)}, who=APPLICANT
    )

    assert created.status_code == 201
    draft = created.json()
    assert (draft["state"], draft["stage"], draft["applicant"], draft["division"]) == ("draft", "draft", USCC, "370102")
    assert draft["answers"] == answers(HONOUR)
    assert draft["programme_digest"] == round_["programme_digest"]
    assert draft["allowed_actions"] == ["edit", "attach", "submit", "withdraw"]
    assert (created.headers["ETag"], created.headers["Location"]) == ('"1"', f"/v1/applications/{draft['id']}")
    (row,) = await service.rows("applications")
    assert (row["id"], row["state"], row["waits_for"]) == (draft["id"], "draft", f"applicant:{USCC}")
    assert len(await service.told()) == told
    assert await last_audit(service) == ("person-applicant", "create", draft["id"], None, "draft", None)


async def test_no_draft_without_a_round_a_registration_or_an_open_period(service: Alone) -> None:
    round_ = await open_round(service)
    body = {"round_id": round_["id"], "answers": {}}

    unregistered = await service.send("POST", "/v1/applications", body, who=APPLICANT)
    await register(service)
    unknown = await service.send("POST", "/v1/applications", body | {"round_id": "rnd_none"}, who=APPLICANT)
    service.legal.move(days=60)
    late = await service.send("POST", "/v1/applications", body, who=APPLICANT)

    assert (unregistered.status_code, unregistered.json()["code"]) == (409, "applicant-not-registered")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "round-not-found")
    assert (late.status_code, late.json()["code"]) == (409, "round-not-open")
    assert await service.rows("applications") == []


async def test_only_applicants_begin_drafts(service: Alone) -> None:
    round_ = await open_round(service)

    refused = await service.send("POST", "/v1/applications", {"round_id": round_["id"], "answers": {}}, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")


async def test_an_organisation_of_a_kind_that_the_honour_does_not_admit_begins_no_draft(service: Alone) -> None:
    round_ = await open_round(service)
    await register(service, kind="branch")

    refused = await service.send("POST", "/v1/applications", {"round_id": round_["id"], "answers": {}}, who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (409, "applicant-kind-not-admitted")
    assert await service.rows("applications") == []
