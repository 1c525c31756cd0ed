"""Legal days: which dates are working days in China, why, and when a term ends.

A yearly notice gives days off and moves some working days to weekends. The library `holidays` contains the notices of
many years; a year that the administrator has entered has priority over it (`common/calendars`). A term that includes
days whose notice is unknown is counted by weekdays and marked as estimated.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final, Self


class DayKind(StrEnum):
    """Which days of a term a programme counts."""

    WORKING = "working"
    CALENDAR = "calendar"


_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
REACH_BACK: Final = timedelta(days=3)
"""A year's notice may change the last days of the previous year; since 2001 never one before 29 December."""


class LegalDay(StrEnum):
    """What a day is by law."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SHIFTED_WORKDAY = "shifted_workday"

    @property
    def is_worked(self) -> bool:
        """Return whether it is a working day."""
        return self in {LegalDay.WORKDAY, LegalDay.SHIFTED_WORKDAY}


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a notice makes a day off, with its name in both languages, or a weekend day that is worked."""

    on: date
    zh: str | None = None
    en: str | None = None

    @property
    def kind(self) -> LegalDay:
        """Return what the notice makes of the day; a day off has a name."""
        return LegalDay.SHIFTED_WORKDAY if self.zh is None else LegalDay.HOLIDAY

    def as_json(self) -> dict[str, str]:
        """Return the day as it is stored; `read` reads it back."""
        named = {} if self.zh is None or self.en is None else {"zh": self.zh, "en": self.en}
        return {"on": self.on.isoformat(), **named}

    @classmethod
    def read(cls, stored: Mapping[str, str]) -> Self:
        """Read a stored day."""
        return cls(date.fromisoformat(stored["on"]), stored.get("zh"), stored.get("en"))


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a term: what it is, its name when it is a holiday, and which day of the term, None if not counted."""

    on: date
    kind: LegalDay
    zh: str | None
    en: str | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Counting:
    """How a term was counted: so many days from the day after `began_on`, by the special days known on that day.

    It is stored with the term, so that the term can be explained after the calendar has changed.
    """

    began_on: date
    days: int
    kind: DayKind
    estimated: bool
    special: tuple[SpecialDay, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored; `read` reads it back."""
        return {
            "began_on": self.began_on.isoformat(),
            "days": self.days,
            "kind": self.kind,
            "estimated": self.estimated,
            "special": [each.as_json() for each in self.special],
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Read a stored one."""
        return cls(
            began_on=date.fromisoformat(stored["began_on"]),
            days=stored["days"],
            kind=DayKind(stored["kind"]),
            estimated=stored["estimated"],
            special=tuple(SpecialDay.read(each) for each in stored["special"]),
        )

    def day_by_day(self, until: date) -> Iterator[CountedDay]:
        """Yield every day after the first one to the last; it says which count, and which day of the term each is."""
        special = {each.on: each for each in self.special}
        day, number = self.began_on, 0
        while day < until:
            day += _DAY
            found = special.get(day)
            kind = _ordinary(day) if found is None else found.kind
            counts = number < self.days and (self.kind is DayKind.CALENDAR or kind.is_worked)
            number += counts
            yield CountedDay(
                on=day,
                kind=kind,
                zh=found.zh if found else None,
                en=found.en if found else None,
                number=number if counts else None,
            )


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term; `estimated` is true while the notice for a day of the term is unknown.

    `counting` says how it was counted.
    """

    on: date
    estimated: bool
    counting: Counting = field(compare=False)


class WorkingCalendar:
    """The working days: for the years `entered`, by the days that were entered, for any other by the library.

    The entered days of a year may reach back to the last days of the year before (`REACH_BACK`).
    """

    def __init__(self, entered: Mapping[int, tuple[SpecialDay, ...]] | None = None) -> None:
        self._entered = {year: {each.on: each for each in days} for year, days in (entered or {}).items()}

    def special(self, day: date) -> SpecialDay | None:
        """Return what a notice makes of the day, None when none says anything about it."""
        later = (day + REACH_BACK).year
        if later != day.year and (found := self._entered.get(later, {}).get(day)):
            return found
        entered = self._entered.get(day.year)
        return _noticed(day.year).get(day) if entered is None else entered.get(day)

    def is_working_day(self, day: date) -> bool:
        """Return whether this is a working day."""
        found = self.special(day)
        return (_ordinary(day) if found is None else found.kind).is_worked

    def after(self, start: date, *, days: int, kind: DayKind) -> Deadline:
        """Return the last day of a term counted as a programme prescribes; the start day is not counted.

        Of working days, the last one is a working day (Civil Code, art. 201); of calendar days, a last day that is a
        day off moves to the next working day (art. 203). Raises ValueError for fewer than one day.
        """
        if days < 1:
            raise ValueError(f"a term of {days} days has no last day")
        end, left = start, days
        while left:
            end += _DAY
            left -= kind is DayKind.CALENDAR or self.is_working_day(end)
        while not self.is_working_day(end):
            end += _DAY
        span = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
        estimated = not all(map(self._is_settled, span))
        special = tuple(found for day in span if (found := self.special(day)))
        counting = Counting(began_on=start, days=days, kind=kind, estimated=estimated, special=special)
        return Deadline(on=end, estimated=estimated, counting=counting)

    def days_between(self, start: date, end: date, *, kind: DayKind) -> int:
        """Return how many days of a term lie after the start day, to the end day."""
        span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(kind is DayKind.CALENDAR or self.is_working_day(day) for day in span)

    def _is_settled(self, day: date) -> bool:
        """Return whether no future notice can change this day."""
        return {day.year, (day + REACH_BACK).year} <= self._entered.keys() | built_in_years()


@cache
def built_in_years() -> frozenset[int]:
    """Return the years whose notice the library contains."""
    return frozenset(_china().ChinaStaticHolidays.special_public_holidays)


def built_in_days(year: int) -> tuple[SpecialDay, ...]:
    """Return the days of a year that are special by the notices that the library contains."""
    return tuple(_noticed(year)[day] for day in sorted(_noticed(year)))


@cache
def _china() -> Any:  # noqa: ANN401 -- a module without types
    """Import the notices at the first use: the library loads every country, which would slow each start."""
    return importlib.import_module("holidays.countries.china")


@cache
def _noticed(year: int) -> dict[date, SpecialDay]:
    """Return the special days of a year, by the notices of that year and of the next."""
    zh, en = (_china().China(years=(year, year + 1), language=language) for language in ("zh_CN", "en_US"))
    off = {day: SpecialDay(day, name, en[day]) for day, name in zh.items() if day.year == year}
    return off | {day: SpecialDay(day) for day in zh.weekend_workdays if day.year == year}


def is_weekend(day: date) -> bool:
    """Return whether it is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def _ordinary(day: date) -> LegalDay:
    return LegalDay.WEEKEND if is_weekend(day) else LegalDay.WORKDAY
