"""The calendars that this service counts by."""

from common.calendars.storage import calendars_store, working_calendar
from common.codes.calendar import WorkingCalendar
from common.storage.work import Work
from review_service.cases.calendars.model import Calendar

calendars = calendars_store(Calendar)


async def calendar_of(work: Work) -> WorkingCalendar:
    """Return the working days as this service knows them now."""
    return await working_calendar(work, Calendar)
