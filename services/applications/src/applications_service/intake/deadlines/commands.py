"""The command that publishes a calendar and moves the deadlines that end later by it.

A deadline that was given stays, except in an applicant's favour: his running terms are counted again from their first
day, and end on the later of the two days. The terms of agencies stay, so that nobody waits longer for them.
"""

from collections.abc import Sequence
from datetime import date

from applications_service.intake.applications.lifecycle import ON_APPLICANT
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.storage import all_applications
from applications_service.rules.calendars import commands as calendars
from applications_service.rules.calendars.model import Calendar
from applications_service.rules.calendars.storage import calendar_of
from common.codes.calendar import SpecialDay
from common.storage.work import Work


async def publish_calendar(
    work: Work,
    year: int,
    *,
    version: int | None,
    document_number: str,
    holidays: Sequence[SpecialDay],
    workdays: Sequence[date],
) -> Calendar:
    """Publish a year's calendar, and move the applicants' deadlines that end later by it."""
    calendar, changed_from = await calendars.publish_calendar(
        work, year, version=version, document_number=document_number, holidays=holidays, workdays=workdays
    )
    await work.flush()
    amended = await calendar_of(work)
    running = (Application.due_on >= max(changed_from, work.today), Application.overdue_at.is_(None))
    for application in await work.find(all_applications, Application.state.in_(ON_APPLICANT), *running):
        application.count_again(amended, today=work.today)
    return calendar
