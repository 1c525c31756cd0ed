"""A year's calendar. The State Council's notice is transcribed, so that one person publishes it, naming its document.

Invariant: whether a day that has passed was worked never changes; a term that was given never becomes shorter by it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy.orm import Mapped, mapped_column

from applications_service.rules.calendars.refusals import (
    CalendarDayPassed,
    CalendarUnchanged,
    DayNamedTwice,
    DayOutsideYear,
    WorkdayNotOnWeekend,
)
from applications_service.tables import METADATA
from common.calendars.model import StoredCalendar
from common.codes.calendar import REACH_BACK, LegalDay, SpecialDay, built_in_days, built_in_years, is_weekend
from common.contracts.applications.calendars import CalendarPublished, Holiday
from common.storage.columns import UtcDateTime


class Calendar(StoredCalendar):
    """The latest edition of a year's calendar; that of a year which the library knows is its first edition."""

    __tablename__ = "calendars"
    metadata = METADATA

    document_number: Mapped[str | None] = mapped_column(default=None)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @classmethod
    def known(cls, year: int) -> Self:
        """Return the calendar of a year as the library has it: edition 0 without days when it does not know it."""
        edition = int(year in built_in_years())
        days = built_in_days(year) if edition else ()
        return cls(id=str(year), edition=edition, special_days=[each.as_json() for each in days])

    @classmethod
    def stored(cls, row: Any) -> Self:  # noqa: ANN401 -- a row of its table
        """Return the calendar as it is stored, to be read only."""
        return cls(
            id=row.id,
            edition=row.edition,
            special_days=row.special_days,
            document_number=row.document_number,
            published_at=row.published_at,
        )

    @property
    def year(self) -> int:
        """Return the year."""
        return int(self.id)

    @property
    def holidays(self) -> list[SpecialDay]:
        """Return the days off, in the order of the year."""
        return [each for each in self.days if each.kind is LegalDay.HOLIDAY]

    @property
    def workdays(self) -> list[date]:
        """Return the weekend days that are worked, in the order of the year."""
        return [each.on for each in self.days if each.kind is LegalDay.SHIFTED_WORKDAY]

    def publish(self, days: Iterable[SpecialDay], *, document_number: str, at: datetime, today: date) -> date:
        """Publish the next edition, made of these holidays and shifted workdays; returns the first day it changes.

        Raises CalendarUnchanged, and CalendarDayPassed for a day before today in a year that is known already.
        """
        known = self.days
        given = sorted(days, key=lambda each: each.on)
        if self.edition and tuple(given) == known:
            raise CalendarUnchanged
        before, after = ({each.on: each.kind for each in one} for one in (known, given))
        changed = {day for day in before.keys() | after.keys() if before.get(day) is not after.get(day)}
        passed = sorted(day for day in changed if day < today)
        if passed and self.edition:
            raise CalendarDayPassed(days="、".join(day.isoformat() for day in passed))
        first = min(changed, default=today) if self.edition else date(self.year, 1, 1) - REACH_BACK
        self.edition += 1
        self.special_days = [each.as_json() for each in given]
        self.document_number, self.published_at = document_number, at
        published = CalendarPublished(
            calendar_id=self.id,
            year=self.year,
            edition=self.edition,
            document_number=document_number,
            holidays=tuple(Holiday(on=each.on, zh=each.zh or "", en=each.en or "") for each in self.holidays),
            workdays=tuple(self.workdays),
        )
        self.note("publish", published)
        return first


def days_of(year: int, *, holidays: Sequence[SpecialDay], workdays: Sequence[date]) -> list[SpecialDay]:
    """Return the days of a notice. Raises DayOutsideYear, DayNamedTwice or WorkdayNotOnWeekend at the wrong one."""
    first, last = date(year, 1, 1) - REACH_BACK, date(year, 12, 31)
    given = [(f"/holidays/{place}/on", each) for place, each in enumerate(holidays)]
    given += [(f"/workdays/{place}", SpecialDay(day)) for place, day in enumerate(workdays)]
    seen: set[date] = set()
    for pointer, each in given:
        if not first <= each.on <= last:
            raise DayOutsideYear(pointer=pointer)
        if each.on in seen:
            raise DayNamedTwice(pointer=pointer)
        if each.kind is LegalDay.SHIFTED_WORKDAY and not is_weekend(each.on):
            raise WorkdayNotOnWeekend(pointer=pointer)
        seen.add(each.on)
    return [each for _, each in given]
