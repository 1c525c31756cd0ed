from common.contracts.applications.rounds import RoundClosed
from support.casts.applying import OFFICE, OFFICER, last_audit, open_round
from support.service.alone import Alone


async def test_a_closed_round_is_published_and_waits_for_the_end_of_its_acceptance(service: Alone) -> None:
    round_ = await open_round(service)

    closed = await service.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE, If_Match='"1"')

    assert closed.status_code == 201
    extend = {
        "action": "extend",
        "operation_id": "extend_round",
        "method": "POST",
        "href": f"/v1/rounds/{round_['id']}/extensions",
        "title": "延期",
    }
    waits = {"due_on": "2016-02-02", "allowed_actions": ["extend"], "actions": [extend]}
    assert closed.json() == round_ | {"state": "closed", "version": 2} | waits
    assert [row["state"] for row in await service.rows("rounds")] == ["closed"]
    (event,) = await service.published(RoundClosed)
    assert event["data"] == {"round_id": round_["id"], "honour": "FAMOUS_PRODUCT", "year": 2015}
    assert await last_audit(service) == ("person-office", "close", round_["id"], "open", "closed", None)


async def test_a_round_is_closed_once(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)
    await on_sqlite.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE)

    again = await on_sqlite.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE)

    problem = again.json()
    assert (again.status_code, problem["code"]) == (409, "action-not-allowed")
    assert (problem["current_state"], problem["allowed_actions"]) == ("closed", ["extend"])
    assert len(await on_sqlite.published(RoundClosed)) == 1


async def test_a_request_with_an_older_version_closes_nothing(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)

    stale = await on_sqlite.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICE, If_Match='"7"')

    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert stale.headers["ETag"] == '"1"'
    assert [row["state"] for row in await on_sqlite.rows("rounds")] == ["open"]


async def test_only_the_office_closes_and_only_what_there_is(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)

    by_officer = await on_sqlite.send("POST", f"/v1/rounds/{round_['id']}/closings", who=OFFICER)
    unknown = await on_sqlite.send("POST", "/v1/rounds/rnd_none/closings", who=OFFICE)

    assert (by_officer.status_code, by_officer.json()["code"]) == (403, "role-missing")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "round-not-found")
    assert [row["state"] for row in await on_sqlite.rows("rounds")] == ["open"]
