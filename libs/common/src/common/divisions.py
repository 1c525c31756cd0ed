"""Administrative divisions by code (GB/T 2260): six digits, two each for province, city and county.

Pure; the codes themselves are data. A code ending in 0000 is a province, in 00 a city, else a county.
"""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, SQLColumnExpression, false

DivisionCode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{5}$")]


class Level(StrEnum):
    """The three levels of a division."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


_DIGITS: Final = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6}


def level(code: str) -> Level:
    """Return the level that a code stands for."""
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def at_level(code: str, wanted: Level) -> str:
    """Return the division of the wanted level that contains this one, e.g. the city 370100 of the county 370102."""
    return code[: _DIGITS[wanted]].ljust(6, "0")


def reaches(code: str, wanted: Level) -> bool:
    """Tell whether a division is one of the wanted level or lies in one: a city lies in no county."""
    return _DIGITS[level(code)] >= _DIGITS[wanted]


def prefix(area: str) -> str:
    """Return the digits that every code inside the area begins with."""
    return area[: _DIGITS[level(area)]]


def covers(area: str, code: str) -> bool:
    """Tell whether a division lies in an area, the area itself included."""
    return code.startswith(prefix(area))


def inside(column: SQLColumnExpression[str], area: str | None) -> ColumnElement[bool]:
    """Restrict a question to the divisions inside an area; no area means none, not even rows without a division."""
    return column.startswith(prefix(area), autoescape=True) if area else false()
