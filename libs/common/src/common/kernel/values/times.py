"""Days and instants: read from one spelling only, and inside the years that every database and client can hold.

A type says what a date is: a fact (`Day`), a day of an act of ours (`ActDay`), or an instant of one (`Instant`). The
noun's own rule, such as "not before its announcement", is checked in its model.
"""

import re
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from common.kernel.values.ruled import RULED

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
"""The years of our own acts; no clock of ours can be set past them."""
FIRST_DAY: Final = date(1000, 1, 1)
LAST_DAY: Final = date(2299, 12, 31)
"""The days of facts: a firm may be five hundred years old, and a title of 100 years may begin in `LAST_YEAR`."""
FIRST_ACT: Final = date(FIRST_YEAR, 1, 1)
LAST_ACT: Final = date(LAST_YEAR, 12, 31)
YEARS_AHEAD: Final = 2
"""How many years from its own day an act of ours may take effect, or a round may open or close."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WITHOUT_ZONE: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?", re.ASCII)
_INSTANT: Final = re.compile(rf"{_WITHOUT_ZONE.pattern}([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII)


def _read_day(value: object) -> date:
    """Return the day written as `2015-10-08`; a number or an instant is no day."""
    if type(value) is date:
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("date_type", "A day is written as 2015-10-08")
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:  # 30 February, or the year 0
        pass
    raise PydanticCustomError("date_parsing", "A day is written as 2015-10-08")


def _read_instant(value: object) -> datetime:
    """Return the instant written as RFC 3339 has it; digits beyond microseconds are cut off."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("datetime_type", "An instant is written as 2015-10-08T01:00:00Z")
    if _WITHOUT_ZONE.fullmatch(value):
        raise PydanticCustomError("timezone_aware", "An instant has a time zone")
    try:
        if _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value.upper())
    except ValueError:  # 30 February, the year 0, or second 60
        pass
    raise PydanticCustomError("datetime_parsing", "An instant is written as 2015-10-08T01:00:00Z")


def read_day(value: object) -> date:
    """Return the day of a fact (`Day`). Raises PydanticCustomError for another spelling and outside the range."""
    return _between(_read_day(value), first=FIRST_DAY, last=LAST_DAY)


def _between(value: date, *, first: date, last: date) -> date:
    if not first <= value <= last:
        context = {"first": first.isoformat(), "last": last.isoformat()}
        raise PydanticCustomError("date_out_of_range", "The day must lie between {first} and {last}", context)
    return value


def _in_utc(value: datetime) -> datetime:
    # The year is compared first: at the edge of the calendar no other time zone can express the instant.
    if FIRST_YEAR <= value.year <= LAST_YEAR:
        moment = value.astimezone(UTC)
        if FIRST_YEAR <= moment.year <= LAST_YEAR:
            return moment
    context = {"first": FIRST_YEAR, "last": LAST_YEAR}
    raise PydanticCustomError("instant_out_of_range", "The instant must lie in the years {first} to {last}", context)


Day = Annotated[date, BeforeValidator(read_day), RULED]
"""A day that is a fact, or that a term computed: from the year 1000 to 2299."""
ActDay = Annotated[
    date, BeforeValidator(_read_day), AfterValidator(partial(_between, first=FIRST_ACT, last=LAST_ACT)), RULED
]
"""A day on which an act of ours counts or takes effect."""
Instant = Annotated[AwareDatetime, BeforeValidator(_read_instant), AfterValidator(_in_utc), RULED]
"""An instant of an act of ours, with its time zone as sent; kept in UTC, to the microsecond."""


def anniversary(day: date, years: int) -> date:
    """Return the same day so many years later (or earlier); 29 February becomes 1 March in a year without it."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
