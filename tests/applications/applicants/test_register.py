import pytest

from common.contracts.applications.applications import ApplicationSubmitted
from support.casts.applying import (
    APPLICANT,
    CONTACT,
    COUNTY,
    FIRM,
    OFFICER,
    OTHER_USCC,
    STORED_CONTACT,
    STRANGER,
    USCC,
    begin,
    complete,
    do,
    last_audit,
    open_round,
    register,
)
from support.casts.spellings import SPELLINGS
from support.service.alone import Alone


async def test_a_registered_organisation_is_stored_and_answered_without_its_contact(service: Alone) -> None:
    registered = await service.send("POST", "/v1/applicants", {**FIRM, "contact": CONTACT}, who=APPLICANT)

    assert registered.status_code == 201
    seen = registered.json()
    assert seen == {
        **FIRM,
        "id": seen["id"],
        "org": USCC,
        "version": 1,
        "created_at": "2015-10-08T01:00:00Z",
        "division_confirmation": {"source": "account", "agency": None, "confirmed_at": "2015-10-08T01:00:00Z"},
        "uscc_exception": None,
        "former_names": [],
        "merged_into_org": None,
        "changed_on": None,
    }
    assert registered.headers["Location"] == f"/v1/applicants/{USCC}"
    (row,) = await service.rows("applicants")
    assert (row["uscc"], row["contact"]) == (USCC, STORED_CONTACT)
    assert await service.published() == []
    assert await last_audit(service) == ("person-applicant", "register", seen["id"], None, None, None)


async def test_a_code_in_small_letters_is_the_same_code(service: Alone) -> None:
    body = {**FIRM, "uscc": USCC.lower(), "contact": CONTACT}

    registered = await service.send("POST", "/v1/applicants", body, who=APPLICANT)

    assert (registered.status_code, registered.json()["uscc"]) == (201, USCC)


async def test_one_registers_ones_own_organisation_only(on_sqlite: Alone) -> None:
    refused = await on_sqlite.send("POST", "/v1/applicants", {**FIRM, "contact": CONTACT}, who=STRANGER)

    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-organisation")
    assert await on_sqlite.rows("applicants") == []


async def test_a_whole_province_is_nobodys_place(on_sqlite: Alone) -> None:
    body = {**FIRM, "division": "370000", "contact": CONTACT}

    refused = await on_sqlite.send("POST", "/v1/applicants", body, who=APPLICANT)

    assert (refused.status_code, refused.json()["code"]) == (422, "place-too-wide")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/division"]
    assert await on_sqlite.rows("applicants") == []


async def test_a_code_is_registered_once(service: Alone) -> None:
    await register(service)

    again = await service.send("POST", "/v1/applicants", {**FIRM, "contact": CONTACT}, who=APPLICANT)

    assert (again.status_code, again.json()["code"]) == (409, "applicant-already-registered")
    assert len(await service.rows("applicants")) == 1


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_code_is_registered_once_in_whatever_spelling(on_sqlite: Alone, spelling: str) -> None:
    first = await on_sqlite.send(
        "POST", "/v1/applicants", {**FIRM, "uscc": SPELLINGS[spelling](FIRM["uscc"]), "contact": CONTACT}, who=APPLICANT
    )
    again = await on_sqlite.send("POST", "/v1/applicants", {**FIRM, "contact": CONTACT}, who=APPLICANT)

    assert (first.status_code, first.json()["uscc"]) == (201, FIRM["uscc"])
    assert (again.status_code, again.json()["code"]) == (409, "applicant-already-registered")
    assert len(await on_sqlite.rows("applicants")) == 1


@pytest.mark.parametrize(
    ("spoilt", "pointer"),
    [
        ({"uscc": "91370102FAKE00013X"}, "/uscc"),
        ({"division": "3701"}, "/division"),
        ({"kind": "person"}, "/kind"),
        ({"contact": {**CONTACT, "email": "nobody"}}, "/contact/email"),
        ({"contact": {**CONTACT, "phone": "     "}}, "/contact/phone"),
        ({"contact": {**CONTACT, "phone": "+- +-"}}, "/contact/phone"),
        ({"contact": {**CONTACT, "phone": "05310000\n"}}, "/contact/phone"),
    ],
)
async def test_a_wrong_field_is_named(on_sqlite: Alone, spoilt: dict[str, object], pointer: str) -> None:
    body = {**FIRM, "contact": CONTACT, **spoilt}

    refused = await on_sqlite.send("POST", "/v1/applicants", body, who=APPLICANT)

    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert await on_sqlite.rows("applicants") == []


async def test_only_applicants_register(on_sqlite: Alone) -> None:
    refused = await on_sqlite.send("POST", "/v1/applicants", {**FIRM, "contact": CONTACT}, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")


async def test_an_applicant_sees_itself_and_officers_see_all(service: Alone) -> None:
    own = await register(service)
    other = await register(service, uscc=OTHER_USCC, name="青岛虚帆旅游服务有限公司", division="370202")

    of_others = await service.send("GET", f"/v1/applicants/{OTHER_USCC}", who=APPLICANT)

    assert (await service.send("GET", f"/v1/applicants/{USCC}", who=APPLICANT)).json() == own
    assert (of_others.status_code, of_others.json()["code"]) == (404, "applicant-not-found")
    assert (await service.send("GET", "/v1/applicants", who=APPLICANT)).json()["items"] == [own]
    by_officer = await service.send("GET", "/v1/applicants?sort=uscc", who=OFFICER)
    assert by_officer.json()["items"] == [own, other]
    assert (await service.send("GET", "/v1/applicants", who=COUNTY)).status_code == 403


@pytest.mark.parametrize("org", ["NATURAL-370102-7", "72345678X", "natural-370102-7"])
async def test_who_has_no_code_registers_under_that_of_his_account_and_applies(on_sqlite: Alone, org: str) -> None:
    round_ = await open_round(on_sqlite)
    body = {name: value for name, value in FIRM.items() if name != "uscc"} | {"contact": CONTACT}
    who = f"applicant|{org}|370102"

    registered = await on_sqlite.send("POST", "/v1/applicants", body, who=who)
    application = await begin(on_sqlite, round_["id"], who)
    await complete(on_sqlite, application["id"], who=who)
    await do(on_sqlite, application["id"], "submissions", who)

    assert (registered.json()["org"], registered.json()["uscc"]) == (org, None)
    assert registered.headers["Location"] == f"/v1/applicants/{org}"
    (event,) = await on_sqlite.published(ApplicationSubmitted)
    ours = registered.json()["id"]
    assert (event["data"]["applicant_id"], event["data"]["applicant"]) == (ours, org)
    named = event["data"]["snapshot"]["applicant"]
    assert (named["id"], named["org"], named["uscc"]) == (ours, org, None)
    assert (await on_sqlite.send("GET", f"/v1/applicants/{org.upper()}", who=who)).json()["id"] == ours


@pytest.mark.parametrize(
    ("who", "uscc", "answer"),
    [
        (APPLICANT, None, (422, "uscc-missing")),
        ("applicant|NATURAL-370102-7|370102", USCC, (403, "not-your-organisation")),
    ],
)
async def test_the_code_given_is_that_of_the_account(
    on_sqlite: Alone, who: str, uscc: str | None, answer: tuple[int, str]
) -> None:
    refused = await on_sqlite.send("POST", "/v1/applicants", {**FIRM, "uscc": uscc, "contact": CONTACT}, who=who)

    assert (refused.status_code, refused.json()["code"]) == answer
    assert await on_sqlite.rows("applicants") == []
