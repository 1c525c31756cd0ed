"""A year's calendar as its editions were published: the latest one counts; it never changes a term that was given."""

from typing import Any, Self

from sqlalchemy.orm import Mapped, mapped_column

from common.codes.calendar import SpecialDay
from common.contracts.applications.calendars import CalendarPublished
from common.kernel.model import Aggregate
from common.storage.columns import JsonText


class StoredCalendar(Aggregate):
    """The latest edition of a year's calendar; its id is the year."""

    __abstract__ = True

    edition: Mapped[int]
    special_days: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)

    @property
    def days(self) -> tuple[SpecialDay, ...]:
        """Return the holidays and the shifted workdays, in the order of the year."""
        return tuple(SpecialDay.read(each) for each in self.special_days)


class LearnedCalendar(StoredCalendar):
    """A calendar that the applications service has published."""

    __abstract__ = True

    @classmethod
    def learned(cls, event: CalendarPublished) -> Self:
        """Make the calendar from the event that published it."""
        calendar = cls(id=event.subject, edition=event.edition, special_days=_stored(event))
        calendar.note("learn")
        return calendar

    def follow(self, event: CalendarPublished) -> None:
        """Take over a later edition."""
        self.edition, self.special_days = event.edition, _stored(event)
        self.note("follow")


def _stored(event: CalendarPublished) -> list[dict[str, str]]:
    return [each.as_json() for each in event.days]
