"""The codes of an expert's employer and of those he must not judge: valid, or admitted by an officer."""

import pytest

from common.contracts.applications.usccs import UsccExceptionAdmitted
from support.casts.reviewing import OFFICER, affiliation, person, uscc
from support.service.alone import START, Alone

CODE = "91350203M0001QKT19"
WRONG = CODE[:-1] + "8"
"""Another typing error."""
ADMITTED = UsccExceptionAdmitted(uscc=CODE, reason="早期赋码。", agency="SD-BODY", admitted_at=START)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (person("expert-1", employer=CODE), "/organisations/0/organisation"),
        (person("expert-1", conflicts=(uscc(1), CODE)), "/conflicts/1/organisation"),
    ],
)
async def test_a_code_is_taken_once_its_admission_has_arrived(
    service: Alone, body: dict[str, object], pointer: str
) -> None:
    refused = await service.send("POST", "/v1/experts", body, who=OFFICER)
    event_id = await service.deliver(ADMITTED)
    await service.deliver(ADMITTED, event_id=event_id)
    entered = await service.send("POST", "/v1/experts", body, who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (422, "uscc-not-admitted")
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
    assert entered.status_code == 201, entered.text
    assert [row["id"] for row in await service.rows("admitted_codes")] == [CODE]


async def test_another_typing_error_stays_refused(on_sqlite: Alone) -> None:
    await on_sqlite.deliver(ADMITTED)

    refused = await on_sqlite.send("POST", "/v1/experts", person("expert-1", employer=WRONG), who=OFFICER)

    assert (refused.status_code, refused.json()["code"]) == (422, "uscc-not-admitted")
    assert await on_sqlite.rows("experts") == []


async def test_every_later_command_on_an_expert_judges_codes_as_his_entry_does(on_sqlite: Alone) -> None:
    entered = (await on_sqlite.send("POST", "/v1/experts", person("expert-1"), who=OFFICER)).json()
    before = await on_sqlite.rows("experts")
    path = f"/v1/experts/{entered['id']}"
    wrong = {key: value for key, value in person("expert-1", employer=WRONG).items() if key not in {"sub", "conflicts"}}
    conflict = affiliation(WRONG) | {"ground": "consulting"}

    edited = await on_sqlite.send("PUT", path, wrong, who=OFFICER, If_Match='"1"')
    declared = await on_sqlite.send("POST", f"{path}/conflicts", conflict, who=OFFICER, If_Match='"1"')

    for refused, pointer in ((edited, "/organisations/0/organisation"), (declared, "/organisation")):
        assert (refused.status_code, refused.json()["code"]) == (422, "uscc-not-admitted")
        assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
    assert await on_sqlite.rows("experts") == before
