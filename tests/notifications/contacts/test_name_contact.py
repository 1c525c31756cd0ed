import pytest

from support.casenews import FIRM
from support.reviewing import ADMINISTRATOR, APPLICANT, OFFICER, PARTNER, RECOMMENDER, audited
from support.service import Alone

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


async def test_nobody_but_the_administrator_speaks_for_another_organisation(service: Alone) -> None:
    for who in (OFFICER, PARTNER, RECOMMENDER):
        refused = await service.send("POST", "/v1/contacts", BODY, who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "not-your-contact")
    assert (await service.send("POST", "/v1/contacts", BODY)).status_code == 401
    assert await service.rows("contacts") == []

    assert (await service.send("POST", "/v1/contacts", BODY, who=ADMINISTRATOR)).status_code == 201


async def test_a_contact_is_seen_by_its_organisation_and_the_administrator(service: Alone) -> None:
    await service.send("POST", "/v1/contacts", BODY, who=APPLICANT)
    path = f"/v1/contacts/{FIRM}"

    assert {(await service.send("GET", path, who=who)).status_code for who in (APPLICANT, ADMINISTRATOR)} == {200}
    for who in (OFFICER, PARTNER, RECOMMENDER):
        hidden = await service.send("GET", path, who=who)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "contact-not-found")
        assert BODY["email"] not in hidden.text
    assert (await service.send("GET", path)).status_code == 401


@pytest.mark.parametrize(
    "email", ["nobody", "a b@x.test", "a@x", "a@x.test\nBcc: b@x.test", "<a@x.test>", "a,b@x.test", "a@b@x.test"]
)
async def test_what_is_no_mail_address_is_refused(service: Alone, email: str) -> None:
    refused = await service.send("POST", "/v1/contacts", BODY | {"email": email}, who=APPLICANT)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/email"]
    assert await service.rows("contacts") == []


async def test_the_address_of_a_contact_is_percent_encoded(service: Alone) -> None:
    named = await service.send("POST", "/v1/contacts", BODY | {"org": "示例 a/b"}, who=ADMINISTRATOR)

    assert (named.status_code, named.json()["id"]) == (201, "示例 a/b")
    assert named.headers["Location"] == "/v1/contacts/%E7%A4%BA%E4%BE%8B%20a%2Fb"


async def test_an_address_with_a_control_or_bidi_character_is_refused(service: Alone) -> None:
    for email in ("li\u0007@applicant.example", "li\u202e@applicant.example"):
        refused = await service.send("POST", "/v1/contacts", BODY | {"email": email}, who=APPLICANT)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/email")
    assert await service.rows("contacts") == []
