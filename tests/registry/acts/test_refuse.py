from support.casts.registering import OFFICE, OFFICER, OTHER_OFFICE, propose, read, register
from support.service.alone import Alone

WHY = {"reason": "证据不足。"}


async def test_a_refused_act_keeps_its_reason_and_the_brand_stays_as_it_is(service: Alone) -> None:
    await register(service)
    act, before, published = await propose(service), await read(service), await service.published()

    refused = await service.send("POST", f"/v1/acts/{act['id']}/refusals", WHY, who=OTHER_OFFICE)

    assert refused.status_code == 201
    assert refused.json() == act | {
        "state": "refused",
        "version": 2,
        "decided_by": "office-2",
        "decided_at": "2015-10-08T01:00:00Z",
        "refused_because": WHY["reason"],
    }
    assert (await read(service), await service.published()) == (before, published)
    last = (await service.rows("audit"))[-1]
    assert (last["action"], last["actor_sub"], last["reason"]) == ("refuse", "office-2", WHY["reason"])


async def test_it_is_refused_by_another_person_of_the_office_once_and_from_the_version_seen(on_sqlite: Alone) -> None:
    await register(on_sqlite)
    act = await propose(on_sqlite)
    path = f"/v1/acts/{act['id']}/refusals"

    own = await on_sqlite.send("POST", path, WHY, who=OFFICE)
    by_officer = await on_sqlite.send("POST", path, WHY, who=OFFICER)
    stale = await on_sqlite.send("POST", path, WHY, who=OTHER_OFFICE, If_Match='"9"')
    unknown = await on_sqlite.send("POST", "/v1/acts/act_none/refusals", WHY, who=OTHER_OFFICE)
    (row,) = await on_sqlite.rows("acts")
    await on_sqlite.send("POST", path, WHY, who=OTHER_OFFICE)
    again = await on_sqlite.send("POST", path, WHY, who=OTHER_OFFICE)

    assert (own.status_code, own.json()["code"]) == (403, "approved-by-another-person")
    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "act-not-found")
    assert (row["state"].value, row["refused_because"]) == ("proposed", None)
    assert (again.status_code, again.json()["code"], again.json()["current_state"]) == (409, "act-decided", "refused")
