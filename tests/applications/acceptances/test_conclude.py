from common.contracts.applications.rounds import AcceptanceConcluded
from common.kernel.digests import digest
from support.casts.applying import APPLICANT, OFFICE, OFFICER, bring_to, do, made, read
from support.service.alone import Alone


async def _close(service: Alone, application_id: str) -> str:
    round_id = str((await read(service, application_id))["round_id"])
    await made(service, f"/v1/rounds/{round_id}/closings", None, OFFICE)
    return f"/v1/rounds/{round_id}/acceptance-conclusions"


async def test_the_conclusion_names_exactly_what_was_accepted_also_what_was_withdrawn_later(service: Alone) -> None:
    application_id = await bring_to(service, "withdrawal_requested")
    path = await _close(service, application_id)

    concluded = await made(service, path, None, OFFICER)

    assert (concluded["state"], concluded["accepted_count"]) == ("concluded", 1)
    (event,) = await service.published(AcceptanceConcluded)
    assert event["data"]["accepted_digest"] == digest([application_id]) == concluded["accepted_digest"]
    again = await service.send("POST", path, who=OFFICER)
    assert (again.status_code, again.json()["code"]) == (409, "acceptance-already-concluded")


async def test_what_is_open_keeps_the_acceptance_open(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "supplement_requested")
    path = await _close(on_sqlite, application_id)

    refused = await on_sqlite.send("POST", path, who=OFFICER)
    await do(on_sqlite, application_id, "withdrawals", APPLICANT, {"reason": "不再申报。"})
    concluded = await made(on_sqlite, path, None, OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (409, "cases-still-open")
    assert (concluded["accepted_count"], concluded["accepted_digest"]) == (0, digest([]))


async def test_only_the_recognition_body_concludes_and_only_a_closed_round(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "accepted")
    round_id = (await read(on_sqlite, application_id))["round_id"]
    path = f"/v1/rounds/{round_id}/acceptance-conclusions"

    by_office = await on_sqlite.send("POST", path, who=OFFICE)
    early = await on_sqlite.send("POST", path, who=OFFICER)

    assert (by_office.status_code, by_office.json()["code"]) == (403, "role-missing")
    assert (early.status_code, early.json()["code"]) == (409, "action-not-allowed")
    assert await on_sqlite.published(AcceptanceConcluded) == []
