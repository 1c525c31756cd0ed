"""The reaction to published calendars: a firm whose hearing runs may have longer to state its position."""

from common.contracts.applications.calendars import CalendarPublished
from common.storage.work import Work
from review_service.cases.calendars.reactions import learn_calendar_when_published
from review_service.cases.calendars.storage import calendar_of
from review_service.decision.objections.model import HEARING, Objection
from review_service.decision.objections.storage import objections


async def move_hearings_when_calendar_published(work: Work, event: CalendarPublished) -> None:
    """Store the calendar, and move the ends of hearings that fall later by it; no other term moves."""
    await learn_calendar_when_published(work, event)
    await work.flush()
    amended = await calendar_of(work)
    running = (Objection.clock == HEARING, Objection.due_on >= work.today, Objection.overdue_at.is_(None))
    for objection in await work.find(objections, *running):
        objection.count_again(amended, today=work.today)
