from common.contracts.applications.rounds import RoundOpened
from support.casts.applying import ADMINISTRATOR, OFFICE, PERIOD, last_audit, open_round, publish
from support.service.alone import Alone


async def test_an_opened_round_pins_the_programme_and_is_published(service: Alone) -> None:
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
        "recommendation_closes_at": "2015-12-28T16:00:00Z",
        "acceptance_closes_at": "2016-02-02T16:00:00Z",
        "state": "open",
        "due_on": None,
        "overdue_at": None,
        "accepted_count": None,
        "accepted_digest": None,
        "allowed_actions": ["extend", "close"],
        "actions": [
            {
                "action": "extend",
                "operation_id": "extend_round",
                "method": "POST",
                "href": f"/v1/rounds/{round_['id']}/extensions",
                "title": "延期",
            },
            {
                "action": "close",
                "operation_id": "close_round",
                "method": "POST",
                "href": f"/v1/rounds/{round_['id']}/closings",
                "title": "截止申报",
            },
        ],
    }
    assert (opened.headers["ETag"][:3], opened.headers["Location"]) == ('"1-', f"/v1/rounds/{round_['id']}")
    (row,) = await service.rows("rounds")
    assert (row["id"], row["state"], row["programme_digest"]) == (round_["id"], "open", programme["digest"])
    (event,) = await service.published(RoundOpened)
    assert (event["key"], event["data"]["programme_digest"]) == (round_["id"], programme["digest"])
    assert await last_audit(service) == ("person-office", "open", round_["id"], None, "open", None)


async def test_everybody_reads_rounds_but_only_the_office_may_close_them(on_sqlite: Alone) -> None:
    round_ = await open_round(on_sqlite)

    by_nobody = await on_sqlite.send("GET", f"/v1/rounds/{round_['id']}")
    listed = await on_sqlite.send("GET", "/v1/rounds?honour=FAMOUS_PRODUCT&state=open")

    assert by_nobody.json() == round_ | {"allowed_actions": [], "actions": []}
    assert [one["id"] for one in listed.json()["items"]] == [round_["id"]]
    assert (await on_sqlite.send("GET", "/v1/rounds?state=closed")).json()["items"] == []


async def test_an_honour_has_one_round_a_year(service: Alone) -> None:
    round_ = await open_round(service)

    again = await service.send(
        "POST", "/v1/rounds", {"programme_id": round_["programme_id"], "year": 2015, **PERIOD}, who=OFFICE
    )

    assert (again.status_code, again.json()["code"]) == (409, "round-exists")
    assert len(await service.rows("rounds")) == 1


async def test_a_round_without_a_programme_or_without_a_day_is_refused(on_sqlite: Alone) -> None:
    programme = await publish(on_sqlite)
    body = {"programme_id": programme["id"], "year": 2015, **PERIOD}

    unknown = await on_sqlite.send("POST", "/v1/rounds", body | {"programme_id": "prg_none"}, who=OFFICE)
    empty = await on_sqlite.send("POST", "/v1/rounds", body | {"closes_at": PERIOD["opens_at"]}, who=OFFICE)
    naive = await on_sqlite.send("POST", "/v1/rounds", body | {"opens_at": "2015-10-08T00:00:00"}, who=OFFICE)

    assert (unknown.status_code, unknown.json()["code"]) == (404, "programme-not-found")
    assert (empty.status_code, empty.json()["code"]) == (422, "round-period-empty")
    assert [each["pointer"] for each in empty.json()["errors"]] == ["/closes_at"]
    assert [each["pointer"] for each in naive.json()["errors"]] == ["/opens_at"]
    assert await on_sqlite.rows("rounds") == []


async def test_only_the_office_opens_rounds(on_sqlite: Alone) -> None:
    programme = await publish(on_sqlite)

    refused = await on_sqlite.send(
        "POST", "/v1/rounds", {"programme_id": programme["id"], "year": 2015, **PERIOD}, who=ADMINISTRATOR
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")
    assert await on_sqlite.rows("rounds") == []
