"""An applicant works on what was returned; agencies go on seeing what he handed in last."""

from typing import Any

import httpx

from common.kernel.digests import digest_bytes
from support.casts.applying import (
    APPLICANT,
    CITY,
    COUNTY,
    HONOUR,
    OBSERVER,
    OFFICE,
    OFFICER,
    attach,
    bring_to,
    do,
    read,
)
from support.casts.programmes import answers
from support.service.alone import Alone
from support.service.pdfs import pdf_of

AGENCIES = (COUNTY, CITY, OFFICER, OFFICE, OBSERVER, "department|SD-DEPT|370000", "partner|BANK|370100")
NEW_FILE = pdf_of("a draft")
EDITED = answers(HONOUR) | {"employees": 900}


async def _file(service: Alone, application_id: str, who: str) -> httpx.Response:
    path = f"/v1/applications/{application_id}/attachments/{digest_bytes(NEW_FILE)}"
    return await service.send("GET", path, who=who)


async def _edit(service: Alone, application_id: str) -> dict[str, Any]:
    """Change answers and attachments without handing them in; returns what the applicant sees of it."""
    version = (await read(service, application_id))["version"]
    path = f"/v1/applications/{application_id}"
    edited = await service.send("PUT", path, {"answers": EDITED}, who=APPLICANT, If_Match=f'"{version}"')
    assert edited.status_code == 200
    assert (await attach(service, application_id, "licence", content=NEW_FILE)).status_code == 201
    return await read(service, application_id)


async def test_a_returned_application_is_seen_as_it_was_handed_in_until_it_is_handed_in_again(service: Alone) -> None:
    application_id = await bring_to(service, "returned")
    handed_in = {who: await read(service, application_id, who) for who in AGENCIES}

    draft = await _edit(service, application_id)

    assert draft["answers"] == EDITED
    for who in AGENCIES:
        assert await read(service, application_id, who) == handed_in[who] | {"version": draft["version"]}
        unseen = await _file(service, application_id, who)
        assert (unseen.status_code, unseen.json()["code"]) == (404, "attachment-not-found")

    await do(service, application_id, "submissions", APPLICANT)

    for who in AGENCIES:
        again = await read(service, application_id, who)
        assert (again["answers"], again["attachments"]) == (draft["answers"], draft["attachments"])
        assert (await _file(service, application_id, who)).content == NEW_FILE


async def test_the_applicant_sees_and_reads_his_own_draft(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "returned")

    draft = await _edit(on_sqlite, application_id)

    assert digest_bytes(NEW_FILE) in [entry["digest"] for entry in draft["attachments"]]
    assert (await _file(on_sqlite, application_id, APPLICANT)).content == NEW_FILE


async def test_a_material_added_on_request_is_seen_when_the_supplement_is_handed_in(service: Alone) -> None:
    application_id = await bring_to(service, "supplement_requested")
    handed_in = await read(service, application_id, OFFICER)

    await attach(service, application_id, "licence", content=NEW_FILE)
    meanwhile = await read(service, application_id, OFFICER)
    unseen = await _file(service, application_id, OFFICER)
    await do(service, application_id, "supplements", APPLICANT, {"answers": EDITED})

    assert meanwhile["attachments"] == handed_in["attachments"]
    assert unseen.status_code == 404
    assert (await _file(service, application_id, OFFICER)).content == NEW_FILE


async def test_edits_that_were_never_handed_in_stay_unseen_after_a_withdrawal(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "returned")
    handed_in = await read(on_sqlite, application_id, OFFICER)

    await _edit(on_sqlite, application_id)
    await do(on_sqlite, application_id, "withdrawals", APPLICANT, {"reason": "不再申报。"})
    ended = await read(on_sqlite, application_id, OFFICER)

    assert (ended["state"], ended["answers"]) == ("withdrawn", handed_in["answers"])
    assert ended["attachments"] == handed_in["attachments"]
