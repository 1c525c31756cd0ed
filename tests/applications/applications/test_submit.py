import asyncio
from pathlib import Path

from sqlalchemy import text

from applications_service.intake.applicants.storage import applicants
from applications_service.rules.rounds.storage import rounds
from applications_service.service import SERVICE
from common.contracts.applications.applications import ApplicationSubmitted
from common.kernel.actor import SYSTEM
from common.kernel.digests import digest
from common.observability.correlation import Correlation
from support.casts.applying import (
    APPLICANT,
    OFFICER,
    STORED_CONTACT,
    STRANGER,
    USCC,
    begin,
    bring_to,
    complete,
    do,
    draft,
    last_audit,
    open_round,
    read,
    register,
)
from support.service.alone import Alone, alone
from support.service.waiting import eventually

LACKING = (
    ("licence", "营业执照"),
    ("trademark_certificate", "商标注册证"),
    ("inspection_report", "产品检验报告"),
    ("declaration", "承诺书"),
)


async def test_the_receipt_names_the_digest_and_the_whole_content_is_published(service: Alone) -> None:
    before = await draft(service)
    await complete(service, before["id"])
    path = f"/v1/applications/{before['id']}"

    submitted = await service.send("POST", f"{path}/submissions", who=APPLICANT)

    assert submitted.status_code == 201
    receipt = submitted.json()
    (row,) = await service.rows("applications")
    assert receipt == {
        "application_id": before["id"],
        "version": 6,
        "receipt_number": f"2015-{before['id'].removeprefix('app_').upper()}",
        "digest": digest(row["snapshot"]),
        "submitted_at": "2015-10-08T01:00:00Z",
        "warnings": [],
        "state": "submitted",
        "allowed_actions": ["withdraw"],
        "actions": receipt["actions"],
    }
    assert [offer["href"] for offer in receipt["actions"]] == [f"{path}/withdrawals"]
    assert submitted.headers["Location"] == path
    assert (row["state"], row["waits_for"], row["item"]) == ("submitted", "recommender:370102", "虚泉牌数控车床")
    (event,) = await service.published(ApplicationSubmitted)
    assert event["key"] == before["id"]
    assert (event["data"]["digest"], event["data"]["snapshot"]) == (receipt["digest"], row["snapshot"])
    assert event["data"]["contact"] == STORED_CONTACT
    assert await last_audit(service) == ("person-applicant", "submit", before["id"], "draft", "submitted", None)


async def test_every_lack_is_named_and_nothing_is_handed_in(on_sqlite: Alone) -> None:
    before = await draft(on_sqlite)

    refused = await on_sqlite.send("POST", f"/v1/applications/{before['id']}/submissions", who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (422, "application-incomplete")
    assert refused.json()["errors"] == [
        {"pointer": f"/attachments/{kind}", "code": "material_missing", "message": f"缺少材料“{name}”。", "in": "body"}
        for kind, name in LACKING
    ]
    assert await read(on_sqlite, before["id"]) == before
    assert await on_sqlite.published(ApplicationSubmitted) == []


async def test_an_item_is_applied_for_once_in_a_round(service: Alone) -> None:
    first = await bring_to(service, "submitted")
    second = await begin(service, (await read(service, first))["round_id"])
    await complete(service, second["id"])

    twice = await service.send("POST", f"/v1/applications/{second['id']}/submissions", who=APPLICANT)
    await do(service, first, "withdrawals", APPLICANT, {"reason": "改用另一份。"})
    after = await service.send("POST", f"/v1/applications/{second['id']}/submissions", who=APPLICANT)

    assert (twice.status_code, twice.json()["code"]) == (409, "application-overlaps")
    assert after.status_code == 201


async def test_a_closed_round_takes_no_draft_but_a_corrected_one(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "returned")
    other = await begin(on_sqlite, (await read(on_sqlite, application_id))["round_id"])
    await complete(on_sqlite, other["id"])
    on_sqlite.legal.move(days=60)

    late = await on_sqlite.send("POST", f"/v1/applications/{other['id']}/submissions", who=APPLICANT)
    corrected = await on_sqlite.send("POST", f"/v1/applications/{application_id}/submissions", who=APPLICANT)

    assert (late.status_code, late.json()["code"]) == (409, "round-not-open")
    assert corrected.status_code == 201
    assert [event["key"] for event in await on_sqlite.published(ApplicationSubmitted)] == [
        application_id,
        application_id,
    ]


async def test_it_is_handed_in_once_from_the_version_seen_and_by_its_applicant(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "submitted")
    path = f"/v1/applications/{application_id}/submissions"

    again = await on_sqlite.send("POST", path, who=APPLICANT)
    stale = await on_sqlite.send("POST", path, who=APPLICANT, If_Match='"1"')
    by_stranger = await on_sqlite.send("POST", path, who=STRANGER)
    by_officer = await on_sqlite.send("POST", path, who=OFFICER)

    assert (again.status_code, again.json()["code"], again.json()["current_state"]) == (
        409,
        "action-not-allowed",
        "submitted",
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert (by_stranger.status_code, by_stranger.json()["code"]) == (404, "application-not-found")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert len(await on_sqlite.published(ApplicationSubmitted)) == 1


async def test_the_round_is_locked_before_the_applicant_as_beginning_a_draft_does(
    postgres_url: str, tmp_path: Path
) -> None:
    async with alone(SERVICE, postgres_url, tmp_path) as service:
        before = await draft(service)
        await complete(service, before["id"])
        submission = service.send("POST", f"/v1/applications/{before['id']}/submissions", who=APPLICANT)

        async with service.runtime.transaction(actor=SYSTEM, correlation=Correlation(id="req_other")) as other:
            await other.get(rounds, before["round_id"])
            handing_in = asyncio.create_task(submission)

            async def it_waits_for_the_round() -> bool:
                async with service.runtime.storage.database.read() as connection:
                    waiting = await connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
                    return bool(waiting.scalar_one())

            await eventually(it_waits_for_the_round)
            await other.get(applicants, USCC)

        assert (await handing_in).status_code == 201


async def test_the_applications_of_a_round_are_handed_in_side_by_side(postgres_url: str, tmp_path: Path) -> None:
    async with alone(SERVICE, postgres_url, tmp_path) as service:
        before = await draft(service)
        await complete(service, before["id"])

        async with service.runtime.transaction(actor=SYSTEM, correlation=Correlation(id="req_other")) as other:
            await other.consult(rounds, before["round_id"])
            async with asyncio.timeout(5):
                handed_in = await service.send("POST", f"/v1/applications/{before['id']}/submissions", who=APPLICANT)

    assert handed_in.status_code == 201


async def test_several_persons_of_one_organisation_act_for_it_and_the_audit_names_each(service: Alone) -> None:
    first, second = f"{APPLICANT}|person-1", f"{APPLICANT}|person-2"
    round_ = await open_round(service)
    await register(service)
    application_id = (await begin(service, round_["id"], first))["id"]
    await complete(service, application_id, who=second)

    await do(service, application_id, "submissions", second)

    audited = [row for row in await service.rows("audit") if row["subject_id"] == application_id]
    assert [(row["action"], row["actor_sub"]) for row in audited if row["action"] != "attach"] == [
        ("create", "person-1"),
        ("submit", "person-2"),
    ]
    assert (await read(service, application_id, first))["state"] == "submitted"
