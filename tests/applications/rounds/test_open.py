from common.contracts.applications import RoundOpened
from support.applying import ADMINISTRATOR, OFFICE, PERIOD, last_audit, open_round, publish
from support.service import Alone


async def test_an_opened_round_pins_the_programme_and_is_told(service: Alone) -> None:
    programme = await publish(service)

    opened = await service.send(
        "POST", "/v1/rounds", {"programme_id": programme["id"], "year": 2015, **PERIOD}, who=OFFICE
    )

    assert opened.status_code == 201
    round_ = opened.json()
    assert round_ == {
        "id": round_["id"],
        "version": 1,
        "programme_id": programme["id"],
        "honour": "FAMOUS_PRODUCT",
        "edition": 1,
        "programme_digest": programme["digest"],
        "year": 2015,
        "opens_at": "2015-10-07T16:00:00Z",
        "closes_at": "2015-11-30T16:00:00Z",
        "state": "open",
        "allowed_actions": ["close"],
    }
    assert (opened.headers["ETag"], opened.headers["Location"]) == ('"1"', f"/v1/rounds/{round_['id']}")
    (row,) = await service.rows("rounds")
    assert (row["id"], row["state"], row["programme_digest"]) == (round_["id"], "open", programme["digest"])
    (event,) = await service.told(RoundOpened)
    assert (event["key"], event["data"]["programme_digest"]) == (round_["id"], programme["digest"])
    assert await last_audit(service) == ("person-office", "open", round_["id"], None, "open", None)


async def test_everybody_reads_rounds_but_only_the_office_may_close_them(service: Alone) -> None:
    round_ = await open_round(service)

    by_nobody = await service.send("GET", f"/v1/rounds/{round_['id']}")
    listed = await service.send("GET", "/v1/rounds?honour=FAMOUS_PRODUCT&state=open")

    assert by_nobody.json() == round_ | {"allowed_actions": []}
    assert [one["id"] for one in listed.json()["items"]] == [round_["id"]]
    assert (await service.send("GET", "/v1/rounds?state=closed")).json()["items"] == []


async def test_an_honour_has_one_round_a_year(service: Alone) -> None:
    round_ = await open_round(service)

    again = await service.send(
        "POST", "/v1/rounds", {"programme_id": round_["programme_id"], "year": 2015, **PERIOD}, who=OFFICE
    )

    assert (again.status_code, again.json()["code"]) == (409, "round-exists")
    assert len(await service.rows("rounds")) == 1


async def test_a_round_without_a_programme_or_without_a_day_is_refused(service: Alone) -> None:
    programme = await publish(service)
    body = {"programme_id": programme["id"], "year": 2015, **PERIOD}

    unknown = await service.send("POST", "/v1/rounds", body | {"programme_id": "prg_none"}, who=OFFICE)
    empty = await service.send("POST", "/v1/rounds", body | {"closes_at": PERIOD["opens_at"]}, who=OFFICE)
    naive = await service.send("POST", "/v1/rounds", body | {"opens_at": "2015-10-08T00:00:00"}, who=OFFICE)

    assert (unknown.status_code, unknown.json()["code"]) == (404, "programme-not-found")
    assert (empty.status_code, empty.json()["code"]) == (422, "round-period-empty")
    assert [each["pointer"] for each in empty.json()["errors"]] == ["/closes_at"]
    assert [each["pointer"] for each in naive.json()["errors"]] == ["/opens_at"]
    assert await service.rows("rounds") == []


async def test_only_the_office_opens_rounds(service: Alone) -> None:
    programme = await publish(service)

    refused = await service.send(
        "POST", "/v1/rounds", {"programme_id": programme["id"], "year": 2015, **PERIOD}, who=ADMINISTRATOR
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    assert await service.rows("rounds") == []
