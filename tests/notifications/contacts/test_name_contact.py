import pytest

from support.casts.casenews import FIRM, submitted
from support.casts.reviewing import ADMINISTRATOR, APPLICANT, OFFICER, PARTNER, RECOMMENDER, audited
from support.casts.spellings import HIDDEN, SPELLINGS
from support.service.alone import Alone

BODY = {"org": FIRM, "name": "王联系", "email": "wang@applicant.example"}


async def test_a_contact_is_named_for_ones_own_organisation_and_replaced(service: Alone) -> None:
    named = await service.send("POST", "/v1/contacts", BODY, who=APPLICANT)
    service.legal.move(days=1)
    again = await service.send("POST", "/v1/contacts", BODY | {"email": "li@applicant.example"}, who=APPLICANT)

    assert (named.status_code, again.status_code) == (201, 201)
    assert named.headers["Location"] == f"/v1/contacts/{FIRM}"
    assert again.json() == {
        "id": FIRM,
        "version": named.json()["version"] + 1,
        "name": "王联系",
        "email": "li@applicant.example",
        "changed_at": "2015-10-09T01:00:00Z",
    }
    (row,) = await service.rows("contacts")
    assert (row["id"], row["email"]) == (FIRM, "li@applicant.example")
    assert await audited(service, FIRM) == [("applicant-1", "name_contact", None, None)] * 2
    assert await service.rows("outbox") == []
    assert "wang@applicant.example" not in str(await service.rows("audit"))


@pytest.mark.parametrize("spelling", [name for name in SPELLINGS if name not in HIDDEN])
async def test_two_spellings_of_one_organisation_are_one_contact(service: Alone, spelling: str) -> None:
    spelt = SPELLINGS[spelling](FIRM)
    await service.send("POST", "/v1/contacts", BODY | {"org": spelt, "email": "li@applicant.example"}, who=APPLICANT)
    again = await service.send("POST", "/v1/contacts", BODY, who=APPLICANT)

    assert (again.status_code, again.json()["id"]) == (201, FIRM)
    (row,) = await service.rows("contacts")
    assert (row["id"], row["org_key"], row["email"]) == (FIRM, FIRM, BODY["email"])


async def test_nobody_but_the_administrator_names_a_contact_for_another_organisation(on_sqlite: Alone) -> None:
    for who in (OFFICER, PARTNER, RECOMMENDER):
        refused = await on_sqlite.send("POST", "/v1/contacts", BODY, who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-your-contact")
    assert (await on_sqlite.send("POST", "/v1/contacts", BODY)).status_code == 401
    assert await on_sqlite.rows("contacts") == []

    assert (await on_sqlite.send("POST", "/v1/contacts", BODY, who=ADMINISTRATOR)).status_code == 201


async def test_a_contact_is_seen_by_its_organisation_and_the_administrator(on_sqlite: Alone) -> None:
    await on_sqlite.send("POST", "/v1/contacts", BODY, who=APPLICANT)
    path = f"/v1/contacts/{FIRM}"

    assert {(await on_sqlite.send("GET", path, who=who)).status_code for who in (APPLICANT, ADMINISTRATOR)} == {200}
    for who in (OFFICER, PARTNER, RECOMMENDER):
        hidden = await on_sqlite.send("GET", path, who=who)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "contact-not-found")
        assert BODY["email"] not in hidden.text
    assert (await on_sqlite.send("GET", path)).status_code == 401


@pytest.mark.parametrize(
    "email", ["nobody", "a b@x.test", "a@x", "a@x.test\nBcc: b@x.test", "<a@x.test>", "a,b@x.test", "a@b@x.test"]
)
async def test_what_is_no_mail_address_is_refused(on_sqlite: Alone, email: str) -> None:
    refused = await on_sqlite.send("POST", "/v1/contacts", BODY | {"email": email}, who=APPLICANT)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/email"]
    assert await on_sqlite.rows("contacts") == []


async def test_an_address_with_a_control_or_bidi_character_is_refused(on_sqlite: Alone) -> None:
    for email in ("li\u0007@applicant.example", "li\u202e@applicant.example"):
        refused = await on_sqlite.send("POST", "/v1/contacts", BODY | {"email": email}, who=APPLICANT)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/email")
    assert await on_sqlite.rows("contacts") == []


@pytest.mark.parametrize(
    ("org", "code"),
    [
        ("某某公司", "addressee_invalid"),
        ("SD OFFICE", "addressee_invalid"),
        ("S", "addressee_invalid"),
        ("S" * 41, "addressee_invalid"),
        ("91370102FAKE00013X", "uscc-not-admitted"),
    ],
)
async def test_what_names_no_organisation_gets_no_contact(on_sqlite: Alone, org: str, code: str) -> None:
    refused = await on_sqlite.send("POST", "/v1/contacts", BODY | {"org": org}, who=ADMINISTRATOR)

    assert refused.status_code == 422
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("/org", code)]
    assert await on_sqlite.rows("contacts") == []


async def test_an_admitted_code_that_has_applied_gets_another_contact(on_sqlite: Alone) -> None:
    code = "91350203M0001QKT19"
    await on_sqlite.deliver(submitted().model_copy(update={"applicant": code}))

    named = await on_sqlite.send("POST", "/v1/contacts", BODY | {"org": code}, who=ADMINISTRATOR)

    assert (named.status_code, named.json()["id"]) == (201, code)
    assert [(row["id"], row["email"]) for row in await on_sqlite.rows("contacts")] == [(code, BODY["email"])]


@pytest.mark.parametrize(("org", "stored"), [("SD-OFFICE", "SD-OFFICE"), (FIRM.lower(), FIRM)])
async def test_a_firm_and_an_agency_have_a_contact(on_sqlite: Alone, org: str, stored: str) -> None:
    named = await on_sqlite.send("POST", "/v1/contacts", BODY | {"org": org}, who=ADMINISTRATOR)

    assert (named.status_code, named.json()["id"]) == (201, stored)
