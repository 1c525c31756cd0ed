"""Numbers: counts, places, editions and years with bounds, and decimals that are read from one spelling only."""

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from common.kernel.values.ruled import RULED
from common.kernel.values.times import FIRST_YEAR, LAST_YEAR

MAX_WHOLE: Final = 2**53 - 1
"""The largest whole number that every client reads exactly."""
MAX_COUNT: Final = 1_000_000
"""The largest count, limit, place or edition."""
MAX_DAYS: Final = 3660
"""The longest term, in days: ten years."""
POINTS: Final = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?$"
_POINTS: Final = re.compile(POINTS)

Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]
"""How many there are, possibly none."""
Ordinal = Annotated[int, Field(ge=1, le=MAX_COUNT)]
"""A place, an edition, or a number of things: from 1."""
Days = Annotated[int, Field(ge=1, le=MAX_DAYS)]
"""The length of a term."""
Version = Annotated[int, Field(ge=0, le=MAX_WHOLE)]
"""How often a thing was changed."""
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
"""The year of a round."""
Years = Annotated[int, Field(ge=1, le=100)]
"""A number of years."""


def _read_points(value: object) -> Decimal:
    if isinstance(value, str) and _POINTS.fullmatch(value):
        return Decimal(value)
    raise PydanticCustomError("points_not_a_decimal_string", 'Points are written as a decimal string such as "12.50"')


Points = Annotated[
    Decimal,
    PlainValidator(_read_points),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": POINTS, "examples": ["85.50"]}),
    RULED,
]
"""Points or a unit of points: a decimal text with the digits 0 to 9 and a point, without sign, exponent or blank.

A Decimal in the program, never a float.
"""
