"""Who speaks for an organisation: its applicant, for an agency its own roles as well; an expert for himself."""

import pytest

from common.kernel.actor import Role
from support.service.alone import Alone

USCC = "91370102FAKE00013R"
AGENCY = "SD-OFFICE"
EMAIL = "contact@firm.example.test"
SPEAKS = {
    USCC: {Role.APPLICANT, Role.ADMINISTRATOR},
    AGENCY: set(Role) - {Role.EXPERT},
    "expert:person-expert": {Role.EXPERT, Role.ADMINISTRATOR},
}


@pytest.mark.parametrize("org", SPEAKS)
async def test_a_contact_and_its_messages_are_for_those_who_speak_for_the_organisation(
    on_sqlite: Alone, org: str
) -> None:
    body = {"org": org, "name": "联系人", "email": EMAIL}
    named = {role: await on_sqlite.send("POST", "/v1/contacts", body, who=f"{role}|{org}|370102") for role in Role}
    assert {role for role, answer in named.items() if answer.status_code == 201} == SPEAKS[org]
    assert {answer.json().get("code") for answer in named.values()} == {None, "not-your-contact"}

    read = {role: await on_sqlite.send("GET", f"/v1/contacts/{org}", who=f"{role}|{org}|370102") for role in Role}
    assert {role for role, answer in read.items() if answer.status_code == 200} == SPEAKS[org]
