"""The job of terms: who has a sheet or an objection on his desk is reminded once, and what is late goes up, once."""

from datetime import date
from typing import Any

from common.contracts.applications.calendars import CalendarPublished, Holiday
from common.contracts.review.objections import HearingMoved, ObjectionOverdue
from common.contracts.review.reminders import DeskReminded
from review_service.service import SERVICE
from support.casts import programmes
from support.casts.reviewing import (
    HONOUR,
    OBSERVER,
    OFFICE,
    OFFICER,
    Round,
    expert,
    firm,
)
from support.service.alone import Alone


async def to(service: Alone, day: date) -> None:
    """Move the legal clock to nine in the morning of a day, and let the jobs run twice, a restart between."""
    service.legal.move(days=(day - service.legal.now().date()).days)
    for _ in range(2):
        for job in SERVICE.jobs:
            while await job.run(service.runtime):
                pass
        await service.restart()


async def reminded(service: Alone) -> list[tuple[str, str, bool, list[str]]]:
    return [
        (event["data"]["kind"], event["data"]["clock"], event["data"]["overdue"], event["data"]["recipients"])
        for event in await service.published(DeskReminded)
    ]


async def waiting(service: Alone, noun: str, who: str, query: str = "") -> int:
    answer = await service.send("GET", f"/v1/{noun}?waiting_for=me{query}", who=who)
    return len(answer.json()["items"])


async def test_an_expert_is_reminded_once_and_then_his_sheet_is_the_recognition_bodys(service: Alone) -> None:
    round_ = await Round(service).open()
    await round_.draw()
    one, *others = await service.rows("sheets")
    for sheet in others:
        filled = await round_.fill_in(sheet, programmes.full_scores(HONOUR))
        await round_.post(f"/v1/sheets/{filled['id']}/submissions", who=expert(sheet["expert_sub"]))

    await to(service, date(2015, 10, 24))
    before = await reminded(service)
    await to(service, date(2015, 10, 25))
    soon = await reminded(service)
    await to(service, date(2015, 10, 28))
    in_time = await waiting(service, "sheets", OFFICER)
    await to(service, date(2015, 10, 29))

    own = ["expert:" + one["expert_sub"]]
    assert (before, soon) == ([], [("sheet", "scoring", False, own)])
    assert await reminded(service) == [*soon, ("sheet", "scoring", True, ["SD-BODY"])]
    assert (in_time, await waiting(service, "sheets", OFFICER)) == (0, 1)
    assert await waiting(service, "sheets", OFFICER, "&overdue=true&due_before=2015-10-29") == 1
    assert await waiting(service, "sheets", OFFICER, "&overdue=false") == 0
    listed = (await service.send("GET", "/v1/sheets?state=open", who=OFFICER)).json()["items"]
    assert [(row["clock"], row["due_on"], row["overdue_at"]) for row in listed] == [
        ("scoring", "2015-10-28", "2015-10-29T01:00:00Z")
    ]
    assert "replace" in listed[0]["allowed_actions"]
    (late,) = [row for row in await service.rows("sheets") if row["id"] == one["id"]]
    await round_.fill_in(late, programmes.full_scores(HONOUR))
    await round_.post(f"/v1/sheets/{one['id']}/submissions", who=expert(one["expert_sub"]))
    assert await waiting(service, "sheets", OFFICER) == 0


async def test_an_objection_that_nobody_answers_goes_up_to_the_office_which_reads_its_evidence_and_answers(
    on_sqlite: Alone,
) -> None:
    round_ = await Round(on_sqlite).open()
    filed = await round_.object((await round_.notice())["id"])
    path = f"/v1/objections/{filed['id']}"
    evidence = f"{path}/evidence/{(await on_sqlite.rows('objections'))[0]['evidence'][0]['digest']}"

    await to(on_sqlite, date(2015, 10, 28))
    hidden = await on_sqlite.send("GET", evidence, who=OFFICE)
    await to(on_sqlite, date(2015, 10, 29))

    assert hidden.status_code == 404
    assert await reminded(on_sqlite) == [
        ("objection", "objection_investigation", False, ["SD-BODY"]),
        ("objection", "objection_investigation", True, ["SD-BODY"]),
    ]
    (overdue,) = await on_sqlite.published(ObjectionOverdue)
    assert (overdue["data"]["clock"], overdue["data"]["due_on"], overdue["data"]["on_overdue"]) == (
        "objection_investigation",
        "2015-10-28",
        "escalate",
    )
    assert [await waiting(on_sqlite, "objections", who) for who in (OFFICER, OFFICE)] == [0, 1]
    seen: dict[str, Any] = (await on_sqlite.send("GET", path, who=OFFICE)).json()
    assert (seen["escalated"], seen["objector"], seen["allowed_actions"]) == (True, None, ["hear", "reject"])
    assert (await on_sqlite.send("GET", evidence, who=OFFICE)).status_code == 200
    assert (await on_sqlite.send("GET", evidence, who=OBSERVER)).status_code == 404
    answered = await on_sqlite.send(
        "POST", f"{path}/answers", {"verdict": "rejected", "reason": "不成立。"}, who=OFFICE
    )
    assert (answered.status_code, answered.json()["state"]) == (201, "rejected")


async def test_the_investigation_pauses_during_the_hearing(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite).open()
    filed = await round_.object((await round_.notice())["id"])
    path = f"/v1/objections/{filed['id']}"
    await to(on_sqlite, date(2015, 10, 23))
    asked = await round_.post(f"{path}/hearings", {"question": "请说明。"})

    await to(on_sqlite, date(2015, 10, 29))
    asked_firm = await reminded(on_sqlite)
    await to(on_sqlite, date(2015, 10, 31))

    assert (asked["clock"], asked["due_on"], asked["investigation_due_on"]) == (
        "objection_hearing",
        "2015-10-30",
        "2015-10-28",
    )
    assert asked_firm == [("objection", "objection_hearing", False, [filed["applicant"]])]
    shown = (await on_sqlite.send("GET", path, who=OFFICER)).json()
    assert (shown["state"], shown["clock"], shown["due_on"], shown["investigation_due_on"]) == (
        "hearing",
        "objection_investigation",
        "2015-11-04",
        "2015-11-04",
    )
    late = await on_sqlite.send("POST", f"{path}/statements", {"statement": "不属实。"}, who=firm(1))
    assert (late.status_code, late.json()["code"]) == (409, "hearing-over")
    assert await waiting(on_sqlite, "objections", OFFICER) == 1


async def test_a_published_calendar_counts_here_and_moves_a_running_hearing_only(on_sqlite: Alone) -> None:
    round_ = await Round(on_sqlite, firms=2).open()
    notice = await round_.notice()
    asked_firm, other = [await round_.object(notice["id"], application_id) for application_id in ("app_1", "app_2")]
    await round_.post(f"/v1/objections/{asked_firm['id']}/hearings", {"question": "请说明。"})
    published = CalendarPublished(
        calendar_id="2015",
        year=2015,
        edition=2,
        document_number="9号",
        holidays=(Holiday(on=date(2015, 10, 14), zh="停工日", en="Stoppage"),),
        workdays=(date(2015, 10, 10),),
    )

    for event_id in [await on_sqlite.deliver(published)]:
        await on_sqlite.deliver(published, event_id=event_id)

    (row,) = await on_sqlite.rows("calendars")
    assert (row["id"], row["edition"]) == ("2015", 2)
    (moved,) = await on_sqlite.published(HearingMoved)
    assert (moved["data"]["due_on_before"], moved["data"]["due_on_after"]) == ("2015-10-14", "2015-10-15")
    paths = [f"/v1/objections/{one['id']}" for one in (asked_firm, other)]
    hearing, stays = [(await on_sqlite.send("GET", path, who=OFFICER)).json() for path in paths]
    assert (hearing["due_on"], hearing["hearing_due_on"], stays["due_on"]) == ("2015-10-15", "2015-10-15", "2015-10-28")
    explained = (await on_sqlite.send("GET", f"{paths[0]}/deadlines", who=firm(1))).json()["items"][0]
    assert explained["day_by_day"][-2:] == [
        {"on": "2015-10-14", "kind": "holiday", "zh": "停工日", "en": "Stoppage", "number": None},
        {"on": "2015-10-15", "kind": "workday", "zh": None, "en": None, "number": 5},
    ]
    shown = (await on_sqlite.send("GET", f"/v1/notices/{notice['id']}/deadlines")).json()["items"][0]
    assert (shown["clock"], shown["due_on"], shown["began_on"]) == ("notice", notice["closes_on"], notice["opens_on"])
    assert shown["day_by_day"][-1]["on"] == notice["closes_on"]
