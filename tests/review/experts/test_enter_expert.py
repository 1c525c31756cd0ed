import json

import pytest

from support.reviewing import (
    ADMINISTRATOR,
    APPLICANT,
    DEPARTMENT,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    RECOMMENDER,
    audited,
    expert,
    person,
    uscc,
)
from support.service import Alone


async def test_an_entered_expert_is_kept_whole_and_told_to_nobody(service: Alone) -> None:
    body = person("expert-1", conflicts=(uscc(1),)) | {"employer": uscc(2, division="370300").lower()}

    entered = await service.send("POST", "/v1/experts", body, who=OFFICER)

    assert entered.status_code == 201
    view = entered.json()
    assert view == body | {"id": view["id"], "employer": uscc(2, division="370300"), "version": 1}
    assert entered.headers["Location"] == f"/v1/experts/{view['id']}"
    assert entered.headers["ETag"] == '"1"'
    (row,) = await service.rows("experts")
    assert (row["sub"], row["name"], row["conflicts"]) == ("expert-1", "评委expert-1", [uscc(1)])
    assert await audited(service, view["id"]) == [("officer-1", "enter", None, None)]
    assert await service.rows("outbox") == []
    (audit,) = await service.rows("audit")
    assert "评委" not in json.dumps(audit, default=str, ensure_ascii=False)


async def test_a_person_is_entered_once(service: Alone) -> None:
    await service.send("POST", "/v1/experts", person("expert-1"), who=OFFICER)

    again = await service.send("POST", "/v1/experts", person("expert-1"), who=OFFICER)

    assert (again.status_code, again.json()["code"]) == (409, "expert-already-entered")
    assert len(await service.rows("experts")) == 1


async def test_wrong_codes_are_refused_by_name_of_the_field(service: Alone) -> None:
    body = person("expert-1", conflicts=("91370102FAKE00013X",)) | {"employer": "no code", "division": "37"}

    refused = await service.send("POST", "/v1/experts", body, who=OFFICER)

    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/employer", "/division", "/conflicts/0"}
    assert await service.rows("experts") == []


@pytest.mark.parametrize("field", ["list", "one"])
async def test_the_pool_is_read_by_the_recognition_body_and_observers_only(service: Alone, field: str) -> None:
    expert_id = (await service.send("POST", "/v1/experts", person("expert-1"), who=OFFICER)).json()["id"]
    path = "/v1/experts" if field == "list" else f"/v1/experts/{expert_id}"
    others = [OFFICE, DEPARTMENT, PARTNER, APPLICANT, RECOMMENDER, ADMINISTRATOR, expert("expert-1")]

    seen = [await service.send("GET", path, who=who) for who in (OFFICER, OBSERVER)]
    refused = [await service.send("GET", path, who=who) for who in others]

    assert [answer.status_code for answer in seen] == [200, 200]
    assert all("评委expert-1" in answer.text for answer in seen)
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "role-missing")] * len(others)
    assert not [answer for answer in refused if "评委" in answer.text]
    assert (await service.send("GET", path)).status_code == 401


async def test_only_the_recognition_body_enters_experts(service: Alone) -> None:
    for who in (OBSERVER, OFFICE, ADMINISTRATOR, expert("expert-1")):
        refused = await service.send("POST", "/v1/experts", person("expert-1"), who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")

    assert await service.rows("experts") == []


async def test_an_unknown_expert_is_not_found(service: Alone) -> None:
    missing = await service.send("GET", "/v1/experts/exp_none", who=OFFICER)

    assert (missing.status_code, missing.json()["code"]) == (404, "expert-not-found")
