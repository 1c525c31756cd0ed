import json

import pytest

from support.casts.reviewing import (
    ADMINISTRATOR,
    APPLICANT,
    DEPARTMENT,
    OBSERVER,
    OFFICE,
    OFFICER,
    PARTNER,
    RECOMMENDER,
    affiliation,
    audited,
    expert,
    person,
    uscc,
)
from support.service.alone import Alone


async def test_an_entered_expert_is_kept_whole_and_not_published(service: Alone) -> None:
    body = person("expert-1", employer=uscc(2, division="370300").lower(), conflicts=(uscc(1),), yearly_load=12)

    entered = await service.send("POST", "/v1/experts", body, who=OFFICER)

    assert entered.status_code == 201
    view = entered.json()
    declared = {"declared_by": "officer-1", "declared_at": "2015-10-08T01:00:00Z"}
    moves = ["edit", "declare_conflict", "pause", "end"]
    assert {key: view[key] for key in view if key != "actions"} == body | {
        "id": view["id"],
        "organisations": [affiliation(uscc(2, division="370300"))],
        "conflicts": [affiliation(uscc(1)) | {"ground": "consulting"} | declared],
        "state": "active",
        "reason": None,
        "allowed_actions": moves,
        "version": 1,
    }
    assert [one["action"] for one in view["actions"]] == moves
    assert entered.headers["Location"] == f"/v1/experts/{view['id']}"
    assert entered.headers["ETag"].startswith('"1-')
    (row,) = await service.rows("experts")
    assert (row["sub"], row["name"], row["conflicts"][0]["organisation"]) == ("expert-1", "评委expert-1", uscc(1))
    assert await audited(service, view["id"]) == [("officer-1", "enter", None, "active")]
    assert await service.rows("outbox") == []
    (audit,) = await service.rows("audit")
    assert "评委" not in json.dumps(audit, default=str, ensure_ascii=False)


async def test_a_person_is_entered_once(service: Alone) -> None:
    await service.send("POST", "/v1/experts", person("expert-1"), who=OFFICER)

    again = await service.send("POST", "/v1/experts", person("expert-1"), who=OFFICER)

    assert (again.status_code, again.json()["code"]) == (409, "expert-already-entered")
    assert len(await service.rows("experts")) == 1


async def test_wrong_codes_are_refused_by_name_of_the_field(on_sqlite: Alone) -> None:
    body = person("expert-1", employer="no code", division="37", conflicts=("91370102FAKE00013X",))
    mistyped = person("expert-1", employer="91370102FAKE00013X", conflicts=(uscc(1), "91370102FAKE00021X"))

    refused = await on_sqlite.send("POST", "/v1/experts", body, who=OFFICER)
    not_admitted = await on_sqlite.send("POST", "/v1/experts", mistyped, who=OFFICER)

    assert (refused.status_code, not_admitted.status_code) == (422, 422)
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/organisations/0/organisation", "/division"}
    assert [(error["pointer"], error["code"]) for error in not_admitted.json()["errors"]] == [
        ("/organisations/0/organisation", "uscc-not-admitted"),
    ]
    assert await on_sqlite.rows("experts") == []


@pytest.mark.parametrize("route", ["list", "one"])
async def test_the_pool_is_read_by_the_recognition_body_and_observers_only(on_sqlite: Alone, route: str) -> None:
    expert_id = (await on_sqlite.send("POST", "/v1/experts", person("expert-1"), who=OFFICER)).json()["id"]
    path = "/v1/experts" if route == "list" else f"/v1/experts/{expert_id}"
    others = [OFFICE, DEPARTMENT, PARTNER, APPLICANT, RECOMMENDER, ADMINISTRATOR]

    seen = [await on_sqlite.send("GET", path, who=who) for who in (OFFICER, OBSERVER)]
    refused = [await on_sqlite.send("GET", path, who=who) for who in others]

    assert [answer.status_code for answer in seen] == [200, 200]
    assert all("评委expert-1" in answer.text for answer in seen)
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "role-missing")] * len(others)
    assert not [answer for answer in refused if "评委" in answer.text]
    assert (await on_sqlite.send("GET", path)).status_code == 401


async def test_only_the_recognition_body_enters_experts(on_sqlite: Alone) -> None:
    for who in (OBSERVER, OFFICE, ADMINISTRATOR, expert("expert-1")):
        refused = await on_sqlite.send("POST", "/v1/experts", person("expert-1"), who=who)
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")

    assert await on_sqlite.rows("experts") == []


async def test_an_unknown_expert_is_not_found(on_sqlite: Alone) -> None:
    missing = await on_sqlite.send("GET", "/v1/experts/exp_none", who=OFFICER)

    assert (missing.status_code, missing.json()["code"]) == (404, "expert-not-found")
