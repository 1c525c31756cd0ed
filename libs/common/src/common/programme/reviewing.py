"""The sections that say how applications are scored and how many may win."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from common.programme.parts import Code, Count, Points, Prose, Section, Source, Words, Years

FIRST_OF_TIES = "total"
LAST_OF_TIES = "ticket"


class Indicator(Section):
    """A node of the indicator tree; leaves are scored, a branch is the sum of its children."""

    code: Code
    name: Words
    cap: Points
    guidance: Prose | None = None
    children: "tuple[Indicator, ...]" = ()

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.cap <= 0:
            raise PydanticCustomError("cap_not_positive", "A cap is greater than zero")
        if self.children and sum(child.cap for child in self.children) != self.cap:
            raise PydanticCustomError("caps_do_not_add_up", "The children's caps do not add up to the cap")
        return self

    def walk(self) -> "Iterator[Indicator]":
        """Yield this indicator and all below it, in the order of the definition."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> "Iterator[Indicator]":
        """Yield the indicators that are scored."""
        return (node for node in self.walk() if not node.children)


class Indicators(Section):
    """The indicator tree; every score is a multiple of `unit`."""

    standard: Words
    unit: Points
    tree: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    source: Source

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = [node.code for node in self.walk()]
        if len(codes) > len(set(codes)):
            raise PydanticCustomError("code_repeated", "A code stands twice in the indicator tree")
        if {FIRST_OF_TIES, LAST_OF_TIES}.intersection(codes):
            raise PydanticCustomError("code_reserved", "An indicator cannot be called 'total' or 'ticket'")
        if self.unit <= 0 or any(leaf.cap % self.unit for leaf in self.leaves()):
            raise PydanticCustomError("cap_off_unit", "A leaf's cap is not a multiple of the unit")
        return self

    def walk(self) -> Iterator[Indicator]:
        """Yield every indicator, in the order of the definition."""
        for node in self.tree:
            yield from node.walk()

    def leaves(self) -> Iterator[Indicator]:
        """Yield the indicators that are scored, in the order of the definition."""
        return (node for node in self.walk() if not node.children)

    @property
    def total(self) -> Decimal:
        """Return the most points that a sheet can give."""
        return sum((node.cap for node in self.tree), Decimal(0))


class Panel(Section):
    """How many experts score one application, and how many sheets an official score needs."""

    size: Annotated[int, Field(ge=1, le=50)]
    minimum_sheets: Annotated[int, Field(ge=1, le=50)]
    source: Source

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.minimum_sheets > self.size:
            raise PydanticCustomError("minimum_above_size", "The panel is smaller than the sheets demanded")
        return self


class RecusalRule(Section):
    """A tie between an expert and an applicant that keeps the two apart."""

    code: Code
    text: Prose
    look_back_years: Years | None = None
    source: Source


class Aggregation(Section):
    """How sheets become one score.

    `raw_trimmed`: from `trim_from` sheets on, the highest and the lowest total are dropped; the mean of the rest is
    rounded once, half up, to `round_to`.
    """

    method: Literal["raw_trimmed"]
    trim_from: Annotated[int, Field(ge=3, le=50)]
    round_to: Points
    source: Source

    @model_validator(mode="after")
    def _rounds_to_a_power_of_ten(self) -> Self:
        if self.round_to.as_tuple().digits != (1,):
            raise PydanticCustomError("rounding_not_a_power_of_ten", "The rounding unit is 1, 0.1, 0.01 …")
        return self


class Threshold(Section):
    """The quality line: whoever is below it wins nothing, even with places free."""

    points: Points
    source: Source


class Review(Section):
    """Who scores what, and how it adds up."""

    indicators: Indicators
    panel: Panel
    recusal: Annotated[tuple[RecusalRule, ...], Field(min_length=1)]
    aggregation: Aggregation
    threshold: Threshold | None = None

    @model_validator(mode="after")
    def _line_can_be_reached(self) -> Self:
        if self.threshold is not None and self.threshold.points > self.indicators.total:
            raise PydanticCustomError("threshold_out_of_reach", "The quality line lies above the total")
        return self


class Quota(Section):
    """How many titles a round may give at most, who is before whom on equal points, and how long the reserve list is.

    `tie_order` begins with `total`, ends with `ticket`, and names indicators in between.
    """

    total: Count
    tie_order: Annotated[tuple[Code, ...], Field(min_length=2)]
    reserve: Annotated[int, Field(ge=0, le=100_000)]
    source: Source
    tie_and_reserve_source: Source

    @model_validator(mode="after")
    def _order_is_complete(self) -> Self:
        criteria = self.criteria
        complete = (self.tie_order[0], self.tie_order[-1]) == (FIRST_OF_TIES, LAST_OF_TIES)
        if not complete or {FIRST_OF_TIES, LAST_OF_TIES}.intersection(criteria):
            raise PydanticCustomError("tie_order_incomplete", "The order of ties goes from 'total' to 'ticket'")
        if len(criteria) > len(set(criteria)):
            raise PydanticCustomError("code_repeated", "A criterion stands twice in the order of ties")
        return self

    @property
    def criteria(self) -> tuple[str, ...]:
        """Return the indicators that decide between equal totals, first to last."""
        return self.tie_order[1:-1]
