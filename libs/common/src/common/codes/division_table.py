"""Which divisions existed in which year, with their names: the table of python-stdnum, read at the first question.

A code lives from its first to its last year, both included, so that in the year of a change the old and the new one are
both right. Entries that only head a group (市辖区, 市区, 县) are no divisions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from common.codes.divisions import Level, level, prefix
from common.codes.refusals import DivisionUnknown

_ENTRY: Final = re.compile(r"(?:\[(\d{4})?-(\d{4})?\])?([^,]+)")
_HEADINGS: Final = frozenset({"市辖区", "市区", "县"})
_BELOW: Final = {Level.PROVINCE: "{prefix}{place:02d}00", Level.CITY: "{prefix}{place:02d}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One division under one name; `since` and `until` are its first and last year, None where the table has none."""

    code: str
    name: str
    since: int | None
    until: int | None

    def existed_in(self, year: int) -> bool:
        """Return whether the code was in use in this year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


def division_in(code: str, year: int) -> Division | None:
    """Return the division that had this code in a year, None when the code was not in use."""
    return next((each for each in _entries(code) if each.existed_in(year)), None)


def check_division(code: str, *, on: date) -> None:
    """Raise DivisionUnknown unless the code was in use in the year of a day."""
    if division_in(code, on.year) is None:
        raise DivisionUnknown(division=code, year=on.year)


def parts_of(area: str, year: int) -> tuple[Division, ...]:
    """Return the divisions directly below one in a year: the cities of a province, or the counties of a city."""
    pattern = _BELOW.get(level(area))
    if pattern is None:
        return ()
    codes = (pattern.format(prefix=prefix(area), place=place) for place in range(1, 100))
    return tuple(found for code in codes if (found := division_in(code, year)) is not None)


def _entries(code: str) -> Iterator[Division]:
    for _, properties in _table().info(code)[1:]:
        for since, until, name in _ENTRY.findall(properties.get("county", "")):
            if name not in _HEADINGS:
                yield Division(code=code, name=name, since=_year(since), until=_year(until))


def _year(text: str) -> int | None:
    return int(text) if text else None


@cache
def _table() -> Any:  # noqa: ANN401 -- a class of stdnum, which has no types
    from stdnum import numdb  # noqa: PLC0415 -- reading its table takes a third of a second, and few processes ask

    return numdb.get("cn/loc")
