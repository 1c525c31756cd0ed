"""The administrator publishes a year's calendar; the applicants' deadlines that end later by it move, no other does."""

from typing import Any

from common.contracts.applications.applications import DeadlineMoved
from common.contracts.applications.calendars import CalendarPublished
from support.casts.applying import ADMINISTRATOR, APPLICANT, OFFICE, OFFICER, bring_to, read
from support.service.alone import Alone

PATH = "/v1/calendars/2015"
NOTICE = "鲁政办发明电〔2015〕9号"


async def _amended(service: Alone, *off: str) -> dict[str, Any]:
    """Return the calendar of 2015 as it is known, with these days off as well, as a body."""
    known = (await service.send("GET", PATH)).json()
    more = [{"on": day, "zh": "停工日", "en": "Stoppage"} for day in off]
    return {"document_number": NOTICE, "holidays": [*known["holidays"], *more], "workdays": known["workdays"]}


async def test_a_calendar_is_published_by_an_edition_and_read_by_everybody(service: Alone) -> None:
    before = await service.send("GET", PATH)
    body = await _amended(service, "2015-10-15")

    done = await service.send("PUT", PATH, body, who=ADMINISTRATOR, If_Match=before.headers["etag"])

    assert (before.json()["edition"], before.json()["document_number"], before.json()["version"]) == (1, None, 0)
    assert done.status_code == 200, done.text
    shown = done.json()
    assert (shown["year"], shown["edition"], shown["document_number"]) == (2015, 2, NOTICE)
    assert {"on": "2015-10-15", "zh": "停工日", "en": "Stoppage"} in shown["holidays"]
    assert (await service.send("GET", PATH)).json() == shown
    years = (await service.send("GET", "/v1/calendars")).json()["items"]
    assert [year["edition"] for year in years if year["year"] in {2015, 2016}] == [2, 1]
    (row,) = await service.rows("calendars")
    assert (row["id"], row["edition"], row["document_number"]) == ("2015", 2, NOTICE)
    (published,) = await service.published(CalendarPublished)
    assert (published["data"]["calendar_id"], published["data"]["edition"]) == ("2015", 2)
    assert published["data"]["workdays"] == body["workdays"]


async def test_who_may_not_publish_and_what_is_not_published(on_sqlite: Alone) -> None:
    body = await _amended(on_sqlite, "2015-10-15")
    passed = await _amended(on_sqlite, "2015-10-07", "2015-09-07")
    wrong = {**body, "workdays": ["2015-10-16"]}

    answers = [
        await on_sqlite.send("PUT", PATH, body, who=OFFICE, If_Match='"0"'),
        await on_sqlite.send("PUT", PATH, body, who=ADMINISTRATOR),
        await on_sqlite.send("PUT", PATH, body, who=ADMINISTRATOR, If_Match='"1"'),
        await on_sqlite.send("PUT", PATH, wrong, who=ADMINISTRATOR, If_Match='"0"'),
        await on_sqlite.send("PUT", PATH, await _amended(on_sqlite), who=ADMINISTRATOR, If_Match='"0"'),
        await on_sqlite.send("PUT", PATH, await _amended(on_sqlite, "2015-09-07"), who=ADMINISTRATOR, If_Match='"0"'),
        await on_sqlite.send("PUT", PATH, passed, who=ADMINISTRATOR, If_Match='"0"'),
        await on_sqlite.send("GET", "/v1/calendars/2031"),
    ]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (403, "role-missing"),
        (428, "precondition-required"),
        (412, "version-stale"),
        (422, "workday-not-on-weekend"),
        (409, "calendar-unchanged"),
        (409, "calendar-day-passed"),
        (422, "day-named-twice"),
        (404, "calendar-not-found"),
    ]
    assert await on_sqlite.rows("calendars") == []
    assert await on_sqlite.published(CalendarPublished) == []


async def test_an_applicants_deadline_moves_and_that_of_an_agency_stays(on_sqlite: Alone) -> None:
    asked = await bring_to(on_sqlite, "supplement_requested")
    before = (await on_sqlite.send("GET", f"/v1/applications/{asked}/deadlines", who=APPLICANT)).json()["items"]
    body = await _amended(on_sqlite, "2015-10-14")

    await on_sqlite.send("PUT", PATH, body, who=ADMINISTRATOR, If_Match='"0"')

    (moved,) = await on_sqlite.published(DeadlineMoved)
    assert (moved["data"]["clock"], moved["data"]["due_on_before"], moved["data"]["due_on_after"]) == (
        "supplement",
        "2015-10-14",
        "2015-10-15",
    )
    seen = await read(on_sqlite, asked, APPLICANT)
    assert (seen["due_on"], seen["supplement_due_on"]) == ("2015-10-15", "2015-10-15")
    after = (await on_sqlite.send("GET", f"/v1/applications/{asked}/deadlines", who=OFFICER)).json()["items"]
    assert [(day["on"][-2:], day["kind"], day["number"]) for day in before[0]["day_by_day"]] == [
        ("09", "workday", 1),
        ("10", "shifted_workday", 2),
        ("11", "weekend", None),
        ("12", "workday", 3),
        ("13", "workday", 4),
        ("14", "workday", 5),
    ]
    assert (before[0]["clock"], before[0]["began_on"], before[0]["days"], before[0]["day_kind"]) == (
        "supplement",
        "2015-10-08",
        5,
        "working",
    )
    assert [(day["on"][-2:], day["kind"], day["zh"], day["number"]) for day in after[0]["day_by_day"][-2:]] == [
        ("14", "holiday", "停工日", None),
        ("15", "workday", None, 5),
    ]


async def test_a_new_term_is_counted_by_the_amended_calendar_and_a_given_one_of_an_agency_stays(
    on_sqlite: Alone,
) -> None:
    given = await bring_to(on_sqlite, "recommended")
    body = await _amended(on_sqlite, "2015-10-21")

    await on_sqlite.send("PUT", PATH, body, who=ADMINISTRATOR, If_Match='"0"')
    stays = (await read(on_sqlite, given, OFFICER))["due_on"]
    path = f"/v1/applications/{given}/returns"
    returned = await on_sqlite.send("POST", path, {"reason": "请更换检验报告。"}, who=OFFICER)

    assert (stays, returned.json()["due_on"]) == ("2015-10-21", "2015-10-22")
    assert await on_sqlite.published(DeadlineMoved) == []


async def test_a_term_that_ends_with_its_round_is_not_counted(on_sqlite: Alone) -> None:
    draft = await bring_to(on_sqlite, "draft")

    shown = (await on_sqlite.send("GET", f"/v1/applications/{draft}/deadlines", who=APPLICANT)).json()

    assert shown == {
        "items": [
            {
                "clock": "closing",
                "due_on": "2015-11-30",
                "began_on": None,
                "days": None,
                "day_kind": None,
                "estimated": False,
                "day_by_day": [],
            }
        ]
    }
