"""Legal days: which dates are working days in China, and when a term ends.

China moves working days onto weekends by a yearly notice. `holidays` holds the notices; officers add what it does not
know. A term that touches days whose notice is not known is marked as estimated, never passed off as certain.
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
"""A year's notice may move the last days of the year before; since 2001 none reached further back than 29 December."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term; `estimated` while the notice for a day in it is not known."""

    on: date
    estimated: bool


@cache
def _china() -> Any:  # noqa: ANN401 -- a module without types
    """Import the notices when a term is first counted: with them comes every country, which no start need wait for."""
    return importlib.import_module("holidays.countries.china")


@cache
def _published_years() -> frozenset[int]:
    """Return the years whose notice the library holds."""
    return frozenset(_china().ChinaStaticHolidays.special_public_holidays)


@cache
def _notices(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off and the moved working days of a year, as the notices of this and the next year give them."""
    china = _china().China(years=(year, year + 1))
    return (
        frozenset(day for day in china if day.year == year),
        frozenset(day for day in china.weekend_workdays if day.year == year),
    )


class WorkingCalendar:
    """The working days, with the officers' corrections.

    `overrides` says for single dates whether they are working days and beats the library; `published` names further
    years whose notice the officers have entered in full.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None, *, published: Collection[int] = ()) -> None:
        self._overrides = dict(overrides or {})
        self._published = frozenset(published)

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on this day."""
        override = self._overrides.get(day)
        if override is not None:
            return override
        days_off, moved_workdays = _notices(day.year)
        return day in moved_workdays or (day.weekday() < _SATURDAY and day not in days_off)

    def after(self, start: date, *, days: int, kind: DayKind) -> Deadline:
        """Return the last day of a term as a programme's clock gives it; raises ValueError when the term has no day."""
        return self.add_working_days(start, days) if kind == "working" else self.add_calendar_days(start, days)

    def add_working_days(self, start: date, days: int) -> Deadline:
        """Return the last day of a term of so many working days; the start day is not counted (Civil Code, art. 201).

        Raises ValueError when the term has no day.
        """
        _at_least_one(days)
        end = start
        while days:
            end += _DAY
            days -= self.is_working_day(end)
        return self._deadline(start, end)

    def add_calendar_days(self, start: date, days: int) -> Deadline:
        """Return the last day of a term of so many calendar days; one on a day off moves to the next working day.

        The start day is not counted. Raises ValueError when the term has no day.
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
        """Tell whether no future notice can change what this day is."""
        if day in self._overrides:
            return True
        return {day.year, (day + _REACH_BACK).year} <= self._published | _published_years()


def _at_least_one(days: int) -> None:
    if days < 1:
        raise ValueError(f"a term of {days} days has no last day")
