"""The command that publishes a calendar."""

from collections.abc import Sequence
from datetime import date

from applications_service.rules.calendars.model import Calendar, days_of
from applications_service.rules.calendars.storage import calendars
from common.codes.calendar import SpecialDay
from common.storage.refusals import VersionStale
from common.storage.work import Work


async def publish_calendar(
    work: Work,
    year: int,
    *,
    version: int | None,
    document_number: str,
    holidays: Sequence[SpecialDay],
    workdays: Sequence[date],
) -> tuple[Calendar, date]:
    """Publish the next edition of a year's calendar; returns it with the first day that it changes."""
    days = days_of(year, holidays=holidays, workdays=workdays)
    found = await work.find(calendars, Calendar.id == str(year))
    calendar, current = (found[0], found[0].version) if found else (Calendar.known(year), 0)
    if version != current:
        raise VersionStale(seen=version, current=current)
    changed_from = calendar.publish(days, document_number=document_number, at=work.now, today=work.today)
    return (calendar if found else work.add(calendar)), changed_from
