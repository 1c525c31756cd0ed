"""The jobs: a round closes, drafts lapse, terms are reminded of and pass, each once."""

from datetime import date

import pytest

from common.contracts.applications.applications import (
    ApplicationEscalated,
    ApplicationLapsed,
    ApplicationOverdue,
    ApplicationRecommended,
)
from common.contracts.applications.reminders import TermReminded
from common.contracts.applications.rounds import RoundClosed
from support.casts.applying import (
    ADMINISTRATOR,
    APPLICANT,
    CITY,
    COUNTY,
    OFFICE,
    OFFICER,
    USCC,
    bring_to,
    do,
    draft,
    made,
    read,
    run_jobs,
)
from support.service.alone import Alone


async def _enter_body(service: Alone) -> None:
    body = {"code": "SD-BODY", "kind": "recognition_body", "name": "演示认定机构", "division": "370000"}
    await made(service, "/v1/agencies", body, ADMINISTRATOR)


async def _to(service: Alone, day: date) -> None:
    """Move the legal clock to nine in the morning of a day, and let the jobs run twice."""
    service.legal.move(days=(day - service.legal.now().date()).days)
    await run_jobs(service)
    await run_jobs(service)


async def _reminded(service: Alone) -> list[tuple[str, bool, list[str]]]:
    return [
        (event["data"]["clock"], event["data"]["overdue"], event["data"]["recipients"])
        for event in await service.published(TermReminded)
    ]


async def test_a_silent_county_is_reminded_once_and_then_the_city_has_it(service: Alone) -> None:
    await _enter_body(service)
    application_id = await bring_to(service, "submitted")

    await _to(service, date(2015, 10, 17))
    before = await _reminded(service)
    await _to(service, date(2015, 10, 21))
    reminded = await _reminded(service)
    await _to(service, date(2015, 10, 22))

    assert (before, reminded) == ([], [("county_recommendation", False, ["SD-370102"])])
    assert await _reminded(service) == reminded
    (overdue,) = await service.published(ApplicationOverdue)
    (escalated,) = await service.published(ApplicationEscalated)
    assert (overdue["data"]["due_on"], escalated["data"]["escalated_to"]) == ("2015-10-21", "city")
    seen = await read(service, application_id, CITY)
    assert (seen["escalated_from"], seen["due_on"]) == ("county", "2015-11-05")
    assert set(seen["allowed_actions"]) == {"recommend", "return", "hand_back", "move"}
    handed_back = await do(service, application_id, "hand-backs", CITY, {"reason": "请县里先办。"})
    assert (handed_back["escalated_from"], handed_back["clock"]) == (None, "county_recommendation")
    await do(service, application_id, "recommendations", COUNTY, {"opinion": "同意推荐。"})


async def test_an_overdue_formal_check_is_reminded_of_and_listed(service: Alone) -> None:
    await _enter_body(service)
    application_id = await bring_to(service, "recommended")

    await _to(service, date(2015, 10, 22))

    assert (await _reminded(service))[-1] == ("formal_check", True, ["SD-BODY"])
    for query, found in (
        ("overdue=true", 1),
        ("overdue=false", 0),
        ("due_before=2015-10-22", 1),
        ("due_before=2015-10-21", 0),
    ):
        listed = await service.send("GET", f"/v1/applications?waiting_for=me&{query}", who=OFFICER)
        assert len(listed.json()["items"]) == found, query
    assert (await read(service, application_id, OFFICER))["state"] == "recommended"


async def test_a_round_closes_by_itself_and_its_drafts_lapse_after_a_reminder(service: Alone) -> None:
    application_id = await bring_to(service, "draft")

    await _to(service, date(2015, 11, 27))
    reminded = await _reminded(service)
    await _to(service, date(2015, 12, 1))

    assert reminded == [("closing", False, [USCC])]
    assert await _reminded(service) == reminded
    assert len(await service.published(RoundClosed)) == 1
    lapsed = await read(service, application_id)
    assert (lapsed["state"], lapsed["reason"]) == ("lapsed", "申报截止前未提交。")
    assert await service.published(ApplicationLapsed) == []


async def test_a_draft_of_an_extended_round_waits_longer(on_sqlite: Alone) -> None:
    begun = await draft(on_sqlite, closes_at="2015-11-01T00:00:00+08:00")
    application_id, round_id = begun["id"], begun["round_id"]
    later = {"reason": "汛期交通中断。", "closes_at": "2015-11-21T00:00:00+08:00"}
    await made(on_sqlite, f"/v1/rounds/{round_id}/extensions", later, OFFICE)

    await _to(on_sqlite, date(2015, 10, 29))
    waiting = await read(on_sqlite, application_id)
    reminded = await _reminded(on_sqlite)
    await _to(on_sqlite, date(2015, 11, 17))

    assert (waiting["due_on"], reminded) == ("2015-11-20", [])
    assert await _reminded(on_sqlite) == [("closing", False, [USCC])]


async def test_what_recommenders_have_not_decided_in_their_window_is_the_offices(service: Alone) -> None:
    await _enter_body(service)
    application_id = await bring_to(service, "submitted")
    path = f"/v1/applications/{application_id}/recommendations"

    await _to(service, date(2015, 12, 29))

    assert (await read(service, application_id, OFFICE))["allowed_actions"] == [
        "recommend",
        "return",
        "hand_back",
        "move",
    ]
    late = await service.send("POST", path, {"opinion": "同意推荐。"}, who=COUNTY)
    back = await service.send("POST", path.replace("recommendations", "hand-backs"), {"reason": "x"}, who=OFFICE)
    assert (late.status_code, late.json()["code"]) == (403, "not-your-level")
    assert (back.status_code, back.json()["code"]) == (409, "recommendation-window-closed")
    await do(service, application_id, "recommendations", OFFICE, {"opinion": "代为推荐。"})
    await run_jobs(service)
    await do(service, application_id, "recommendations", OFFICE, {"opinion": "代为推荐。"})
    assert (await read(service, application_id, OFFICER))["state"] == "recommended"
    assert len(await service.published(ApplicationRecommended)) == 2


@pytest.mark.parametrize("exit_", ["rejections", "acceptances", "supplement-extensions"])
async def test_an_overdue_supplement_has_three_exits(on_sqlite: Alone, exit_: str) -> None:
    application_id = await bring_to(on_sqlite, "supplement_requested")
    path = f"/v1/applications/{application_id}/{exit_}"
    bodies: dict[str, object] = {"rejections": {"reasons": ["逾期未补正。"]}, "acceptances": None}
    body = bodies.get(exit_, {"reason": "检验机构延误。"})

    early = await on_sqlite.send("POST", path, body, who=OFFICER)
    await _to(on_sqlite, date(2015, 10, 15))
    listed = await on_sqlite.send("GET", "/v1/applications?waiting_for=me", who=OFFICER)
    done = await on_sqlite.send("POST", path, body, who=OFFICER)

    assert (early.status_code, early.json()["code"]) == (409, "not-overdue-yet")
    assert [one["id"] for one in listed.json()["items"]] == [application_id]
    assert done.status_code == 201
    states = {"rejections": "rejected", "acceptances": "accepted", "supplement-extensions": "supplement_requested"}
    assert (await read(on_sqlite, application_id))["state"] == states[exit_]
    if exit_ == "supplement-extensions":
        assert (await read(on_sqlite, application_id, APPLICANT))["due_on"] == "2015-10-22"


async def test_a_term_on_a_desk_that_no_agency_has_been_entered_for_reminds_nobody(on_sqlite: Alone) -> None:
    await bring_to(on_sqlite, "recommended")

    await _to(on_sqlite, date(2015, 10, 21))

    assert await _reminded(on_sqlite) == []


async def test_acceptance_that_is_not_concluded_in_time_shows_as_overdue(on_sqlite: Alone) -> None:
    application_id = await bring_to(on_sqlite, "accepted")
    round_id = (await read(on_sqlite, application_id))["round_id"]

    await _to(on_sqlite, date(2016, 2, 3))
    listed = await on_sqlite.send("GET", "/v1/rounds?overdue=true&waiting_for=me", who=OFFICER)

    assert [one["id"] for one in listed.json()["items"]] == [round_id]
