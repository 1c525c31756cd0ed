"""Calendars are public; those of the years that the library knows need no row."""

from sqlalchemy import select

from applications_service.rules.calendars.model import Calendar
from common.calendars.refusals import CalendarNotFound
from common.calendars.storage import calendars_store, working_calendar
from common.codes.calendar import WorkingCalendar, built_in_years
from common.storage.work import Found, Work

calendars = calendars_store(Calendar)


async def calendar_of(work: Work) -> WorkingCalendar:
    """Return the working days as they are known now."""
    return await working_calendar(work, Calendar)


async def known_calendar(work: Work, year: int) -> Calendar:
    """Return the latest edition of a year's calendar. Raises CalendarNotFound."""
    row = await work.one(select(Calendar.__table__).where(Calendar.id == str(year)))
    if row is None and year not in built_in_years():
        raise CalendarNotFound(key=year)
    return _shown(year, row)


async def known_calendars(work: Work) -> list[Calendar]:
    """Return the latest edition of every year that is known, in the order of the years."""
    rows = {int(row.id): row for row in await work.rows(select(Calendar.__table__))}
    return [_shown(year, rows.get(year)) for year in sorted(rows.keys() | built_in_years())]


def _shown(year: int, row: Found | None) -> Calendar:
    """Return a year's calendar to be read: that of the library has no version yet."""
    calendar = Calendar.known(year) if row is None else Calendar.stored(row)
    calendar.version = 0 if row is None else row.version
    return calendar
