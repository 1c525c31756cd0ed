"""The sections that say how applications are scored and how many may win."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from common.kernel.values.numbers import Ordinal, Points, Years
from common.programme.parts import Code, Pointer, Prose, Section, Source, Words

FIRST_OF_TIES = "total"
LAST_OF_TIES = "ticket"
EMPLOYMENT = "employment"
REVIEWED_LAST_YEAR = "reviewed_last_year"
SAME_COUNTY = "same_county"
OBSERVED = frozenset({EMPLOYMENT, REVIEWED_LAST_YEAR, SAME_COUNTY})
"""The grounds of recusal that the platform knows itself; an expert or an officer declares all others."""


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
            raise PydanticCustomError("code_repeated", "A code appears twice in the indicator tree")
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


class SeatRule(Section):
    """A role of the panel: how many sit in it, and whether they must know the category of the case."""

    role: Code
    name: Words
    count: Annotated[int, Field(ge=1, le=50)]
    knows_category: bool


class Panel(Section):
    """How many experts in which roles score one application, and how many sheets an official score needs."""

    size: Annotated[int, Field(ge=1, le=50)]
    minimum_sheets: Annotated[int, Field(ge=1, le=50)]
    seats: Annotated[tuple[SeatRule, ...], Field(min_length=1)]
    source: Source

    def seat_of(self, role: str) -> SeatRule:
        """Return the rule of the seats of a role; raises StopIteration for a role that the panel lacks."""
        return next(seat for seat in self.seats if seat.role == role)

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.minimum_sheets > self.size:
            raise PydanticCustomError("minimum_above_size", "The panel is smaller than the sheets demanded")
        if sum(seat.count for seat in self.seats) != self.size:
            raise PydanticCustomError("seats_do_not_add_up", "The seats do not add up to the size of the panel")
        return self


class Blind(Section):
    """Who sees whose name. No expert sees another one's, and no applicant sees an expert's.

    `single`: experts see the applicant. `double`: they see neither the applicant nor what is withheld: the answers and
    the kinds of material that would name him.
    """

    level: Literal["single", "double"]
    withheld_answers: tuple[Pointer, ...] = ()
    withheld_materials: tuple[Code, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _withholds_when_double(self) -> Self:
        if self.level == "single" and (self.withheld_answers or self.withheld_materials):
            raise PydanticCustomError("withheld_from_nobody", "Only a double-blind review withholds anything")
        return self


class Statement(Section):
    """The statement of confidentiality and fairness that an expert signs before his first sheet of a round."""

    text: Prose
    source: Source


class RecusalRule(Section):
    """A tie between an expert and an applicant that keeps the two apart."""

    code: Code
    text: Prose
    look_back_years: Years | None = None
    source: Source

    @model_validator(mode="after")
    def _looks_back(self) -> Self:
        if self.code == REVIEWED_LAST_YEAR and self.look_back_years is None:
            raise PydanticCustomError("look_back_missing", "This ground says how many years it looks back")
        return self


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
    """The quality line: an application below it wins nothing, even with places free."""

    points: Points
    source: Source


class Review(Section):
    """Who scores what, and how it adds up."""

    indicators: Indicators
    panel: Panel
    blind: Blind
    statement: Statement
    recusal: Annotated[tuple[RecusalRule, ...], Field(min_length=1)]
    aggregation: Aggregation
    threshold: Threshold | None = None

    @model_validator(mode="after")
    def _line_can_be_reached(self) -> Self:
        if self.threshold is not None and self.threshold.points > self.indicators.total:
            raise PydanticCustomError("threshold_out_of_reach", "The quality line is above the total")
        return self


ReserveRule: TypeAlias = Literal["automatic", "by_officer", "never"]
"""How a vacant place is filled from the reserve list: at once, when the recognition body says so, or never."""


class ReserveCall(Section):
    """The rule by which the reserve list is called, with the words of the programme."""

    rule: ReserveRule
    text: Prose
    source: Source


class Quota(Section):
    """How many titles a round may give at most, who is before whom on equal points, and who follows on the reserve.

    `tie_order` begins with `total`, ends with `ticket`, and names indicators in between.
    """

    total: Ordinal
    tie_order: Annotated[tuple[Code, ...], Field(min_length=2)]
    reserve: Annotated[int, Field(ge=0, le=100_000)]
    reserve_call: ReserveCall
    source: Source
    tie_and_reserve_source: Source

    @model_validator(mode="after")
    def _order_is_complete(self) -> Self:
        criteria = self.criteria
        complete = (self.tie_order[0], self.tie_order[-1]) == (FIRST_OF_TIES, LAST_OF_TIES)
        if not complete or {FIRST_OF_TIES, LAST_OF_TIES}.intersection(criteria):
            raise PydanticCustomError("tie_order_incomplete", "The order of ties goes from 'total' to 'ticket'")
        if len(criteria) > len(set(criteria)):
            raise PydanticCustomError("code_repeated", "A criterion appears twice in the order of ties")
        return self

    @property
    def criteria(self) -> tuple[str, ...]:
        """Return the indicators that decide between equal totals, first to last."""
        return self.tie_order[1:-1]
