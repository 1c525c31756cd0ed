"""Every command on an application at its caps: what is accepted is published, and what is above them is refused."""

from typing import Any, Final

import httpx

from applications_service.intake.applications.content import MOST_ATTACHMENTS
from common.kernel.ids import new_id
from common.kernel.values.sizes import ANSWERS, KIB, LARGEST, size_of
from support.casts import applying, programmes
from support.casts.applying import CONTACT, FIRM, OFFICER, do, made, open_round
from support.casts.fullest import LONG_TEXT, NAME, POINTS, REASON_TEXT, answers_at_caps
from support.rules.sizes import sizes_within_limits
from support.service.alone import Alone
from support.service.pdfs import pdf_of

HONOUR: Final = "SERVICE_BRAND"
CODE: Final = "91350203M0001QKT19"
APPLICANT: Final = f"applicant|{CODE}|370102"
OFFICE_OF_LONGEST_NAME: Final = f"recognition_officer|{'A' * 255}|370000"
FORM: Final = programmes.definition(HONOUR)["form"]["answers"]
FULL: Final[dict[str, Any]] = answers_at_caps(FORM, programmes.answers(HONOUR))
REASON: Final = {"reason": REASON_TEXT}


async def attach(service: Alone, application_id: str, kind: str, number: int) -> httpx.Response:
    """Attach another file under the longest name."""
    given = {"Authorization": f"Bearer {APPLICANT}", "Idempotency-Key": new_id("key")}
    files = {"file": (f"{number:03d}" + NAME[3:], pdf_of(str(number)), "application/pdf")}
    path = f"/v1/applications/{application_id}/attachments"
    return await service.client.post(path, data={"kind": kind}, files=files, headers=given)


async def draft(service: Alone, round_id: str, item: str) -> str:
    """Begin a draft with the fullest answers, about this item."""
    answers = FULL | {"brand_name": item + FULL["brand_name"][len(item) :]}
    body = {"round_id": round_id, "answers": answers}
    return str((await made(service, "/v1/applications", body, APPLICANT))["id"])


async def fill(service: Alone, application_id: str, count: int) -> None:
    """Attach so many files, the required ones first."""
    required = programmes.required_materials(HONOUR)
    for number in range(count):
        kind = required[min(number, len(required) - 1)]
        assert (await attach(service, application_id, kind, number)).status_code == 201


async def recommended(service: Alone, round_id: str, item: str, *, files: int) -> str:
    """Bring an application at its caps to the recognition body."""
    application_id = await draft(service, round_id, item)
    await fill(service, application_id, files)
    await do(service, application_id, "submissions", APPLICANT)
    await do(service, application_id, "returns", applying.COUNTY, REASON)
    await do(service, application_id, "submissions", APPLICANT)
    for who in (applying.COUNTY, applying.CITY):
        await do(service, application_id, "recommendations", who, {"opinion": LONG_TEXT})
    return application_id


async def test_an_application_at_its_caps_is_published_at_every_step(on_sqlite: Alone) -> None:
    service = on_sqlite
    round_id = (await open_round(service, HONOUR))["id"]
    await made(service, "/v1/exceptions", {"uscc": CODE, **REASON}, OFFICE_OF_LONGEST_NAME)
    contact = CONTACT | {"name": NAME, "phone": "0" * 24}
    await made(service, "/v1/applicants", {**FIRM, "uscc": CODE, "name": NAME, "contact": contact}, APPLICANT)

    accepted = await recommended(service, round_id, "甲", files=MOST_ATTACHMENTS)
    await do(service, accepted, "supplement-requests", OFFICER, REASON)
    await do(service, accepted, "supplements", APPLICANT, {"answers": (await read(service, accepted))["answers"]})
    await do(service, accepted, "acceptances", OFFICER)
    await do(service, accepted, "withdrawals", APPLICANT, REASON)
    rejected = await recommended(service, round_id, "乙", files=len(programmes.required_materials(HONOUR)))
    await do(service, rejected, "rejections", OFFICER, {"reasons": POINTS})
    withdrawn = await draft(service, round_id, "丙")
    await fill(service, withdrawn, len(programmes.required_materials(HONOUR)))
    await do(service, withdrawn, "submissions", APPLICANT)
    await do(service, withdrawn, "withdrawals", APPLICANT, REASON)

    sizes = await sizes_within_limits(service)
    assert sizes["ApplicationAccepted", "internal"] > LARGEST * 3 // 4
    assert sizes["ApplicationRejected", "agency"] > 54 * KIB
    for name in (
        "ApplicationReturned",
        "SupplementRequested",
        "WithdrawalRequested",
        "ApplicationWithdrawn",
    ):
        assert sizes[name, "agency"] > 31 * KIB


async def read(service: Alone, application_id: str) -> dict[str, Any]:
    """Read it as its applicant."""
    answer = await service.send("GET", f"/v1/applications/{application_id}", who=APPLICANT)
    content: dict[str, Any] = answer.json()
    return content


async def test_one_attachment_too_many_is_refused_and_the_same_file_again_is_not(on_sqlite: Alone) -> None:
    application_id = str((await applying.draft(on_sqlite))["id"])
    kind = programmes.required_materials(applying.HONOUR)[0]
    for number in range(MOST_ATTACHMENTS):
        content = pdf_of(str(number))
        assert (await applying.attach(on_sqlite, application_id, kind, content=content)).status_code == 201

    again = await applying.attach(on_sqlite, application_id, kind, content=pdf_of("0"))
    more = await applying.attach(on_sqlite, application_id, kind, content=pdf_of("another"), Accept_Language="en")

    assert again.status_code == 201
    assert (more.status_code, more.json()["code"]) == (409, "too-many-attachments")
    assert more.json()["detail"] == f"An application has at most {MOST_ATTACHMENTS} attachments."
    (row,) = await on_sqlite.rows("applications")
    assert len(row["attachments"]) == MOST_ATTACHMENTS


async def test_answers_above_their_size_are_refused_at_their_place(on_sqlite: Alone) -> None:
    application_id = str((await applying.draft(on_sqlite))["id"])
    texts = {f"k{number:02d}": "x" * 20_000 for number in range(16)}
    fitting = {"answers": texts | {"k16": "x" * (ANSWERS - size_of(texts) - len(',"k16":""'))}}
    assert size_of(fitting["answers"]) == ANSWERS
    above = {"answers": fitting["answers"] | {"k16": fitting["answers"]["k16"] + "x"}}

    path, tag = f"/v1/applications/{application_id}", '"1"'
    refused = await on_sqlite.send("PUT", path, above, who=applying.APPLICANT, If_Match=tag, Accept_Language="en")
    taken = await on_sqlite.send("PUT", path, fitting, who=applying.APPLICANT, If_Match=tag)

    assert (refused.status_code, refused.json()["code"]) == (422, "request-invalid")
    assert [(one["pointer"], one["message"]) for one in refused.json()["errors"]] == [
        ("/answers", f"At most {ANSWERS} bytes are allowed.")
    ]
    assert taken.status_code == 200
