"""Administrative divisions by code (GB/T 2260): six digits, two each for province, city and county.

A code that ends in 0000 is a province, a code that ends in 00 is a city, any other code is a county. The table of codes
is that of python-stdnum; it has those that were given up as well, because old documents name them.
"""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum import numdb

_PATTERN: Final = r"^[1-9][0-9]{5}$"


def exists(code: str) -> bool:
    """Return whether a code of six digits is, or once was, that of a division."""
    return any("county" in properties for _, properties in numdb.get("cn/loc").info(code))


def _existing(code: str) -> str:
    if not exists(code):
        raise PydanticCustomError("division_unknown", "No division has this code")
    return code


DivisionCode = Annotated[str, Field(pattern=_PATTERN, examples=["370102"]), AfterValidator(_existing)]
"""The code of a division that exists or existed."""


class Level(StrEnum):
    """The three levels of a division."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


_DIGITS: Final = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6}


def level(code: str) -> Level:
    """Return the level of the division that has this code."""
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def at_level(code: str, wanted: Level) -> str:
    """Return the division of the wanted level that contains this one, e.g. the city 370100 of the county 370102."""
    return code[: _DIGITS[wanted]].ljust(6, "0")


def reaches(code: str, wanted: Level) -> bool:
    """Return whether a division has the wanted level or a lower one: true for a county and CITY."""
    return _DIGITS[level(code)] >= _DIGITS[wanted]


def prefix(area: str) -> str:
    """Return the digits with which every code inside the area begins."""
    return area[: _DIGITS[level(area)]]


def covers(area: str, code: str) -> bool:
    """Return whether a division is the area itself or a part of it."""
    return code.startswith(prefix(area))
