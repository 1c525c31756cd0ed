"""Legal days: which dates are working days in China, and when a term ends.

A yearly notice moves some of China's working days to weekends. The library `holidays` contains the notices; officers
add the notices that are missing in the library. A term that includes days whose notice is unknown is marked as
estimated.
"""

import importlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, Literal

DayKind = Literal["working", "calendar"]
"""How a programme counts the days of a term."""

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_REACH_BACK: Final = timedelta(days=3)
"""A year's notice may change the last days of the previous year; since 2001 never one before 29 December."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term; `estimated` is true while the notice for a day of the term is unknown."""

    on: date
    estimated: bool


@cache
def _china() -> Any:  # noqa: ANN401 -- a module without types
    """Import the notices at the first use: the library loads every country, which would slow each start."""
    return importlib.import_module("holidays.countries.china")


@cache
def _published_years() -> frozenset[int]:
    """Return the years whose notice the library contains."""
    return frozenset(_china().ChinaStaticHolidays.special_public_holidays)


@cache
def _notices(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off and the moved working days of a year, by the notices of that year and of the next."""
    china = _china().China(years=(year, year + 1))
    return (
        frozenset(day for day in china if day.year == year),
        frozenset(day for day in china.weekend_workdays if day.year == year),
    )


class WorkingCalendar:
    """The working days, with the officers' corrections.

    `overrides` says for single dates whether they are working days, and has priority over the library; `published`
    names further years whose notice the officers have entered completely.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None, *, published: Collection[int] = ()) -> None:
        self._overrides = dict(overrides or {})
        self._published = frozenset(published)

    def is_working_day(self, day: date) -> bool:
        """Return whether this is a working day."""
        override = self._overrides.get(day)
        if override is not None:
            return override
        days_off, moved_workdays = _notices(day.year)
        return day in moved_workdays or (day.weekday() < _SATURDAY and day not in days_off)

    def after(self, start: date, *, days: int, kind: DayKind) -> Deadline:
        """Return the last day of a term counted as a programme prescribes; raises ValueError for fewer than one day."""
        return self.add_working_days(start, days) if kind == "working" else self.add_calendar_days(start, days)

    def add_working_days(self, start: date, days: int) -> Deadline:
        """Return the last day of a term in working days; the start day is not counted (Civil Code, art. 201).

        Raises ValueError for fewer than one day.
        """
        _at_least_one(days)
        end = start
        while days:
            end += _DAY
            days -= self.is_working_day(end)
        return self._deadline(start, end)

    def add_calendar_days(self, start: date, days: int) -> Deadline:
        """Return the last day of a term in calendar days; if it is a day off, the next working day.

        The start day is not counted. Raises ValueError for fewer than one day.
        """
        _at_least_one(days)
        end = start + timedelta(days=days)
        while not self.is_working_day(end):
            end += _DAY
        return self._deadline(start, end)

    def _deadline(self, start: date, end: date) -> Deadline:
        day = start + _DAY
        while day <= end and self._is_settled(day):
            day += _DAY
        return Deadline(on=end, estimated=day <= end)

    def _is_settled(self, day: date) -> bool:
        """Return whether no future notice can change this day."""
        if day in self._overrides:
            return True
        return {day.year, (day + _REACH_BACK).year} <= self._published | _published_years()


def _at_least_one(days: int) -> None:
    if days < 1:
        raise ValueError(f"a term of {days} days has no last day")
