"""`PUT /v1/calendars/{year}`, and why the deadline of an application falls where it falls."""

from pydantic import Field

from applications_service.intake.applications.routes import SEES, router as applications
from applications_service.intake.applications.storage import applications as store
from applications_service.intake.deadlines import commands
from applications_service.rules.calendars.model import Calendar
from applications_service.rules.calendars.routes import CalendarView, Year, router as calendars
from common.codes.calendar import SpecialDay
from common.kernel.text import Id, ShortText
from common.kernel.values.sizes import MOST_DAYS
from common.kernel.values.times import Day
from common.web.answers.deadlines import Deadlines, deadlines_of
from common.web.input.strict import Schema
from common.web.router import IfMatch, Work

__all__ = ["applications", "calendars"]


class NewHoliday(Schema):
    """A day off with its name in both languages."""

    on: Day
    zh: ShortText
    en: ShortText


class NewCalendar(Schema):
    """A year's working days as the notice has them: every day off, and every weekend day that is worked.

    The last three days of the year before may be among them. Weekends need not be named.
    """

    document_number: ShortText = Field(examples=["国办发明电〔2015〕18号"])
    holidays: list[NewHoliday] = Field(max_length=MOST_DAYS)
    workdays: list[Day] = Field(max_length=MOST_DAYS)


@calendars.command("/{year}", allow={"administrator"}, method="PUT", status=200, shows=CalendarView)
async def publish_calendar(year: Year, body: NewCalendar, work: Work, version: IfMatch) -> Calendar:
    """Publish the next edition of a year's calendar; `If-Match: "0"` for a year that nobody has entered."""
    return await commands.publish_calendar(
        work,
        year,
        version=version,
        document_number=body.document_number,
        holidays=[SpecialDay(each.on, each.zh, each.en) for each in body.holidays],
        workdays=body.workdays,
    )


@applications.query("/{application_id}/deadlines", allow=SEES)
async def read_application_deadlines(application_id: Id, work: Work) -> Deadlines:
    """Read day by day why the term that runs for an application ends on its day."""
    return deadlines_of(await work.read(store, application_id))
