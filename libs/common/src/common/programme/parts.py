"""The types of a definition's sections: words in two languages, codes, and the source of a number.

Every model is frozen, closed and strict: an unknown field or a value of another type is refused, never converted.
"""

from fractions import Fraction
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from common.kernel.text import LongText, ShortText

SHARE: Final = r"^[1-9][0-9]?/[1-9][0-9]?$"


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


def _read_share(value: str) -> str:
    if Fraction(value) > 1:
        raise PydanticCustomError("share_above_one", "A share is at most 1/1")
    return value


Share = Annotated[str, StringConstraints(pattern=SHARE), AfterValidator(_read_share)]
"""A share as a fraction of whole numbers, e.g. "2/3"."""

Source = Annotated[str, StringConstraints(pattern=r"^(seed|published|default): \S.*$", max_length=500)]
"""The source of a number: required by the seed, found in a published rule, or a default of ours."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
"""The name of a kind, rule, clock, ground or indicator inside one definition."""

HonourCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$", max_length=40)]
"""The name of an honour."""

Pointer = Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9_]+)+$", max_length=200)]
"""A JSON pointer into the answers, through object members only."""

Month = Annotated[int, Field(ge=1, le=12)]
"""A month of the year."""

LevelName = Literal["county", "city"]
"""The levels of a recommendation chain."""
