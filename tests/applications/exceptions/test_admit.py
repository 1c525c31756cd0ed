"""A code that was really given although its check character is wrong: admitted by an officer, refused to all others."""

import pytest

from common.contracts.applications.applications import ApplicationAccepted, ApplicationSubmitted
from common.contracts.applications.usccs import UsccExceptionAdmitted
from support.casts.applying import (
    APPLICANT,
    CITY,
    CONTACT,
    COUNTY,
    FIRM,
    OBSERVER,
    OFFICE,
    OFFICER,
    USCC,
    begin,
    complete,
    do,
    open_round,
    read,
)
from support.service.alone import Alone

CODE = "91350203M0001QKT19"
FIRM_OF_CODE = f"applicant|{CODE}|370102"
BODY = {"uscc": CODE, "reason": "厦门市湖里区早期赋码，营业执照原件已核。"}
MARK = {"reason": BODY["reason"], "agency": "SD-BODY", "admitted_at": "2015-10-08T01:00:00Z"}
NEW = {**FIRM, "uscc": CODE, "contact": CONTACT}


async def test_an_officer_admits_a_code_with_a_reason(service: Alone) -> None:
    admitted = await service.send("POST", "/v1/exceptions", {**BODY, "uscc": CODE.lower()}, who=OFFICER)

    assert admitted.status_code == 201, admitted.text
    view = admitted.json()
    assert (view["id"], view["admitted_by"], view["state"]) == (CODE, "person-recognition_officer", "admitted")
    assert {name: view[name] for name in MARK} == MARK
    assert admitted.headers["Location"] == f"/v1/exceptions/{CODE}"
    (event,) = await service.published(UsccExceptionAdmitted)
    assert (event["key"], event["data"]) == (CODE, {"uscc": CODE, **MARK})
    for who in (OFFICE, OBSERVER):
        assert (await service.send("GET", f"/v1/exceptions/{CODE}", who=who)).json()["reason"] == BODY["reason"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uscc": USCC}, "uscc-needs-no-exception"),
        ({"uscc": "91350203M0001QKT1"}, "request-invalid"),
        ({"uscc": "91350203M0001QKTI9"}, "request-invalid"),
        ({"reason": " "}, "request-invalid"),
    ],
)
async def test_what_is_not_admitted(on_sqlite: Alone, change: dict[str, str], code: str) -> None:
    refused = await on_sqlite.send("POST", "/v1/exceptions", BODY | change, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert await on_sqlite.rows("uscc_exceptions") == []


@pytest.mark.parametrize("who", [APPLICANT, COUNTY, OFFICE, OBSERVER])
async def test_nobody_but_the_recognition_body_admits(on_sqlite: Alone, who: str) -> None:
    refused = await on_sqlite.send("POST", "/v1/exceptions", BODY, who=who)

    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")


async def test_before_it_is_admitted_the_code_is_refused_as_every_typing_error(on_sqlite: Alone) -> None:
    await on_sqlite.send("POST", "/v1/exceptions", BODY, who=OFFICER)
    mistyped = CODE[:-1] + "8"

    refused = await on_sqlite.send(
        "POST", "/v1/applicants", {**NEW, "uscc": mistyped}, who=f"applicant|{mistyped}|370102"
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "uscc-not-admitted")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/uscc"]
    assert await on_sqlite.rows("applicants") == []


async def test_an_admitted_code_applies_and_everything_carries_the_mark(service: Alone) -> None:
    await service.send("POST", "/v1/exceptions", BODY, who=OFFICER)
    round_ = await open_round(service)

    registered = await service.send("POST", "/v1/applicants", NEW, who=FIRM_OF_CODE)
    one = (await begin(service, round_["id"], FIRM_OF_CODE))["id"]
    await complete(service, one, who=FIRM_OF_CODE)
    await do(service, one, "submissions", FIRM_OF_CODE)
    for recommender in (COUNTY, CITY):
        await do(service, one, "recommendations", recommender, {"opinion": "同意推荐。"})
    await do(service, one, "acceptances", OFFICER)

    assert (registered.status_code, registered.json()["uscc_exception"]) == (201, MARK)
    assert (await read(service, one, OFFICER))["uscc_exception"] == MARK
    events = await service.published(ApplicationSubmitted, ApplicationAccepted)
    assert [(event["data"]["applicant"], event["data"]["uscc_exception"]) for event in events] == [(CODE, MARK)] * 2
    for event in events:
        assert event["data"]["snapshot"]["applicant"]["uscc_exception"]["reason"] == BODY["reason"]
