import pytest

from common.contracts.registry.brands import (
    BrandActEvent,
    BrandCancelled,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandWarned,
)
from support.casts.registering import ACTS, NUMBER, OFFICE, OFFICER, OTHER_OFFICE, bring_to, propose, read, register
from support.service.alone import Alone

PUBLISHED_BY: dict[str, tuple[type[BrandActEvent], str, str]] = {
    "warn": (BrandWarned, "active", "warned"),
    "suspend": (BrandSuspended, "active", "suspended"),
    "reinstate": (BrandReinstated, "warned", "active"),
    "revoke": (BrandRevoked, "active", "revoked"),
    "cancel": (BrandCancelled, "active", "cancelled"),
}


@pytest.mark.parametrize("action", PUBLISHED_BY)
async def test_an_approval_by_another_person_is_done_to_the_brand_at_once(service: Alone, action: str) -> None:
    event, before, after = PUBLISHED_BY[action]
    await bring_to(service, before)
    act = await propose(service, action)
    version = (await read(service))["version"]

    approved = await service.send("POST", f"/v1/acts/{act['id']}/approvals", who=OTHER_OFFICE, If_Match='"1"')

    assert approved.status_code == 201
    assert approved.json() == act | {
        "state": "approved",
        "version": 2,
        "decided_by": "office-2",
        "decided_at": "2015-10-08T01:00:00Z",
    }
    brand = await read(service)
    assert (brand["state"], brand["version"], brand["grounds"]) == (after, version + 1, ACTS[action][1])
    bar = {"barred_until": "2018-10-07"} if action == "revoke" else {}
    assert brand["barred_until"] == act["barred_until"] == bar.get("barred_until")
    (published,) = await service.published(event)
    assert published["key"] == brand["id"]
    assert published["data"] == {
        "brand_id": brand["id"],
        "number": NUMBER,
        "honour": "FAMOUS_PRODUCT",
        "year": 2015,
        "applicant_id": brand["applicant_id"],
        "uscc": brand["uscc"],
        "application_id": brand["application_id"],
        "recorded_at": "2015-10-08T01:00:00Z",
        "state": after,
        "version_before": version,
        "version_after": version + 1,
        "grounds": act["grounds"],
        "reason": act["reason"],
        "document_number": act["document_number"],
        "acting_body": "SD-OFFICE",
        "effective_on": "2015-10-08",
        **bar,
    }
    (change,) = [row for row in await service.rows("brand_changes") if row["action"] == action]
    assert (change["proposed_by"], change["approved_by"]) == ("office-1", "office-2")
    last = {row["subject_type"]: (row["action"], row["actor_sub"]) for row in (await service.rows("audit"))[-2:]}
    assert last == {"acts": ("approve", "office-2"), "brands": (action, "office-2")}


async def test_who_proposed_does_not_approve_and_nothing_changes(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    act = await propose(on_sqlite)

    own = await on_sqlite.send("POST", f"/v1/acts/{act['id']}/approvals", who=OFFICE)

    assert (own.status_code, own.json()["code"]) == (403, "approved-by-another-person")
    assert (await read(on_sqlite))["state"] == "active"
    assert [row["state"].value for row in await on_sqlite.rows("acts")] == ["proposed"]


async def test_an_act_is_decided_once_by_the_office_and_from_the_version_seen(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    act = await propose(on_sqlite)
    path = f"/v1/acts/{act['id']}/approvals"

    by_officer = await on_sqlite.send("POST", path, who=OFFICER)
    stale = await on_sqlite.send("POST", path, who=OTHER_OFFICE, If_Match='"9"')
    unknown = await on_sqlite.send("POST", "/v1/acts/act_none/approvals", who=OTHER_OFFICE)
    await on_sqlite.send("POST", path, who=OTHER_OFFICE)
    again = await on_sqlite.send("POST", path, who=OTHER_OFFICE)

    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert (stale.status_code, stale.json()["code"], stale.headers["ETag"]) == (412, "version-stale", '"1"')
    assert (unknown.status_code, unknown.json()["code"]) == (404, "act-not-found")
    assert (again.status_code, again.json()["code"]) == (409, "act-decided")
    assert (again.json()["current_state"], again.json()["allowed_actions"]) == ("approved", [])
    assert len(await on_sqlite.published(BrandRevoked)) == 1
