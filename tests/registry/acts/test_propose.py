import pytest

from support.casts.registering import ACTS, NUMBER, OBSERVER, OFFICE, OFFICER, bring_to, proposal, read, register
from support.service.alone import Alone

STATE_FOR = {"warn": "active", "suspend": "active", "reinstate": "warned", "revoke": "active", "cancel": "active"}
PATH = f"/v1/brands/{NUMBER}/revocations"


@pytest.mark.parametrize("action", ACTS)
async def test_a_proposal_waits_for_another_person_and_the_brand_stays_as_it_is(service: Alone, action: str) -> None:
    await bring_to(service, STATE_FOR[action])
    before, published = await read(service), await service.published()

    proposed = await service.send("POST", f"/v1/brands/{NUMBER}/{ACTS[action][0]}", proposal(action), who=OFFICER)

    assert proposed.status_code == 201
    act = proposed.json()
    assert act == {
        **proposal(action),
        "id": act["id"],
        "version": 1,
        "number": NUMBER,
        "action": action,
        "acting_body": "SD-BODY",
        "barred_until": "2018-10-07" if action == "revoke" else None,
        "proposed_by": "officer-1",
        "proposed_at": "2015-10-08T01:00:00Z",
        "state": "proposed",
        "decided_by": None,
        "decided_at": None,
        "refused_because": None,
        "lapsed_because": None,
        "allowed_actions": [],
        "actions": [],
    }
    assert (proposed.headers["ETag"][:3], proposed.headers["Location"]) == ('"1-', f"/v1/acts/{act['id']}")
    (row,) = [row for row in await service.rows("acts") if row["id"] == act["id"]]
    assert (row["state"].value, row["waits_for"]) == ("proposed", "office")
    assert (await read(service), await service.published()) == (before, published)
    last = (await service.rows("audit"))[-1]
    assert (last["action"], last["actor_sub"], last["subject_id"]) == ("propose", "officer-1", act["id"])


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"grounds": "bad_weather"}, "grounds-unknown", "/grounds"),
        ({"effective_on": "2015-10-09"}, "effective-in-future", "/effective_on"),
        ({"effective_on": "2015-10-07"}, "effective-before-title", "/effective_on"),
        ({"reason": " "}, "request-invalid", "/reason"),
    ],
)
async def test_a_wrong_field_is_named(on_sqlite: Alone, change: dict[str, str], code: str, pointer: str) -> None:
    await register(on_sqlite)

    refused = await on_sqlite.send("POST", PATH, proposal(**change), who=OFFICE)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
    assert await on_sqlite.rows("acts") == []


async def test_what_the_state_does_not_allow_is_refused_with_what_it_does(on_sqlite: Alone) -> None:
    await register(on_sqlite)

    refused = await on_sqlite.send("POST", f"/v1/brands/{NUMBER}/reinstatements", proposal("reinstate"), who=OFFICE)

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["current_state"]) == (409, "action-not-allowed", "active")
    assert problem["allowed_actions"] == ["warn", "suspend", "revoke", "cancel"]


@pytest.mark.parametrize("state", ["revoked", "cancelled", "expired"])
async def test_a_brand_that_has_ended_says_so(on_sqlite: Alone, state: str) -> None:
    await bring_to(on_sqlite, state)

    refused = await on_sqlite.send("POST", PATH, proposal(), who=OFFICE)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, f"brand-already-{state}")
    assert (problem["current_state"], problem["allowed_actions"]) == (state, [])


async def test_it_is_proposed_by_its_bodies_on_what_there_is_and_from_the_version_seen(on_sqlite: Alone) -> None:
    await register(on_sqlite)

    by_others = [await on_sqlite.send("POST", PATH, proposal(), who=who) for who in (OBSERVER, "administrator|OPS")]
    anonymous = await on_sqlite.send("POST", PATH, proposal())
    unknown = await on_sqlite.send("POST", "/v1/brands/SDMP-2015-00002-9/revocations", proposal(), who=OFFICE)
    stale = await on_sqlite.send("POST", PATH, proposal(), who=OFFICE, If_Match='"7"')

    assert [(one.status_code, one.json()["code"]) for one in by_others] == [(403, "role-missing")] * 2
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "unauthenticated")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "brand-not-found")
    assert (stale.status_code, stale.json()["code"], stale.headers["ETag"]) == (412, "version-stale", '"1"')
    assert await on_sqlite.rows("acts") == []
