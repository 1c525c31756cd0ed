"""The reaction by which a service learns the calendars that its terms are counted by."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from common.calendars.model import LearnedCalendar
from common.contracts.applications.calendars import CalendarPublished
from common.messaging.grounds import Contradiction, agree
from common.storage.store import Store
from common.storage.work import Work

C = TypeVar("C", bound=LearnedCalendar)


def learning_calendars(store: Store[C]) -> Callable[[Work, CalendarPublished], Awaitable[None]]:
    """Return the reaction that stores the latest edition of a year's calendar."""

    async def learn_calendar_when_published(work: Work, event: CalendarPublished) -> None:
        """Store the calendar; the editions of a year arrive in their order, and a known one agrees.

        A calendar is found by its year: one that names another year is set aside.
        """
        if event.subject != str(event.year):
            raise Contradiction("calendar", "year")
        found = await work.find(store, store.by == event.subject)
        calendar = found[0] if found else work.add(store.model.learned(event))
        if event.edition > calendar.edition:
            calendar.follow(event)
        elif event.edition == calendar.edition:
            agree("calendar", event, calendar, "days")

    return learn_calendar_when_published
