"""What a definition's sections are made of: words in two languages, codes, points, and where a number is from.

Everything is frozen, closed and strict: an unknown field or a value of another type is refused, never guessed at.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from common.text import LongText, ShortText

POINTS: Final = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?$"
SHARE: Final = r"^[1-9][0-9]?/[1-9][0-9]?$"
MAX_COUNT: Final = 1_000_000
"""No count, limit or number of days in a definition is larger."""


class Section(BaseModel):
    """The base of every part of a definition."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Words(Section):
    """A name or a short text in both languages."""

    zh: ShortText
    en: ShortText


class Prose(Section):
    """A longer text in both languages."""

    zh: LongText
    en: LongText


def _read_points(value: object) -> Decimal:
    if isinstance(value, str) and re.fullmatch(POINTS, value, re.ASCII):
        return Decimal(value)
    raise PydanticCustomError("points_not_a_decimal_string", 'Points are written as a decimal string such as "12.50"')


def _read_share(value: str) -> str:
    if Fraction(value) > 1:
        raise PydanticCustomError("share_above_one", "A share is at most 1/1")
    return value


Points = Annotated[
    Decimal,
    PlainValidator(_read_points),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": POINTS}),
]
"""Points or a unit of points: a decimal string in the definition, a Decimal in the program, never a float."""

Share = Annotated[str, StringConstraints(pattern=SHARE), AfterValidator(_read_share)]
"""A share as a fraction of whole numbers, e.g. "2/3"."""

Source = Annotated[str, StringConstraints(pattern=r"^(seed|published|default): \S.*$", max_length=500)]
"""Where a number is from: ordered by the seed, found in a published rule, or a default of ours, plainly marked."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
"""The name of a kind, rule, clock, ground or indicator inside one definition."""

HonourCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$", max_length=40)]
"""The name of an honour."""

Pointer = Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9_]+)+$", max_length=200)]
"""A JSON pointer into the answers, through object members only."""

Count = Annotated[int, Field(ge=1, le=MAX_COUNT)]
"""A number of things or days, at least one."""

Years = Annotated[int, Field(ge=1, le=100)]
"""A number of years."""

Month = Annotated[int, Field(ge=1, le=12)]
"""A month of the year."""

LevelName = Literal["county", "city"]
"""The levels of a recommendation chain."""
