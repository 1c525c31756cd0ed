from common.contracts.applications import RoundClosed
from support.applying import OFFICE, OFFICER, last_audit, open_round
from support.service import Alone


async def test_a_closed_round_is_told_and_offers_nothing_more(service: Alone) -> None:
    round_ = await open_round(service)

    closed = await service.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE, If_Match='"1"')

    assert closed.status_code == 201
    assert closed.json() == round_ | {"state": "closed", "version": 2, "allowed_actions": []}
    assert [row["state"] for row in await service.rows("rounds")] == ["closed"]
    (event,) = await service.told(RoundClosed)
    assert event["data"] == {"round_id": round_["id"], "honour": "FAMOUS_PRODUCT", "year": 2015}
    assert await last_audit(service) == ("person-office", "close", round_["id"], "open", "closed", None)


async def test_a_round_is_closed_once(service: Alone) -> None:
    round_ = await open_round(service)
    await service.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE)

    again = await service.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE)

    problem = again.json()
    assert (again.status_code, problem["code"]) == (409, "round-already-closed")
    assert (problem["current_state"], problem["allowed_actions"]) == ("closed", [])
    assert len(await service.told(RoundClosed)) == 1


async def test_whoever_has_not_seen_the_newest_version_closes_nothing(service: Alone) -> None:
    round_ = await open_round(service)

    stale = await service.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE, If_Match='"7"')

    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert stale.headers["ETag"] == '"1"'
    assert [row["state"] for row in await service.rows("rounds")] == ["open"]


async def test_only_the_office_closes_and_only_what_there_is(service: Alone) -> None:
    round_ = await open_round(service)

    by_officer = await service.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICER)
    unknown = await service.send("POST", "/v1/rounds/rnd_none/closings", who=OFFICE)

    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "round-not-found")
    assert [row["state"] for row in await service.rows("rounds")] == ["open"]
