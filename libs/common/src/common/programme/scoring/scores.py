"""From score sheets to the official score, in decimals, with a trace of every step.

Invariant: the score is rounded once, at the end; the order of the sheets has no effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any, Final

from common.kernel.errors import FieldProblem
from common.programme.definition.reviewing import Indicator, Review
from common.programme.problems import problem, to_pointer
from common.programme.refusals import SheetInvalid, SheetsTooFew

Scores = Mapping[str, Decimal]
"""Points per leaf of the indicator tree."""

_DIGITS: Final = 60
"""Significant digits of intermediate sums: far more than any sheets can fill."""


@dataclass(frozen=True, slots=True)
class ScoreTrace:
    """The official score and the steps of its calculation.

    `totals` are the sheets' totals in the order the sheets were given; `dropped_lowest`, `dropped_highest` and `kept`
    are positions in `totals`, from 0. `criteria` are the official scores of single indicators, over the kept sheets.
    """

    official: Decimal
    method: str
    totals: tuple[Decimal, ...]
    dropped_lowest: int | None
    dropped_highest: int | None
    kept: tuple[int, ...]
    sum: Decimal
    divisor: int
    round_to: Decimal
    criteria: Mapping[str, Decimal]

    def as_json(self) -> dict[str, Any]:
        """Return the trace as JSON, with decimals as text."""
        return {
            "official": str(self.official),
            "method": self.method,
            "totals": [str(total) for total in self.totals],
            "dropped_lowest": self.dropped_lowest,
            "dropped_highest": self.dropped_highest,
            "kept": list(self.kept),
            "sum": str(self.sum),
            "divisor": self.divisor,
            "round_to": str(self.round_to),
            "criteria": {code: str(score) for code, score in self.criteria.items()},
        }


def check_sheet(review: Review, scores: Scores, *, whole: bool = True) -> list[FieldProblem]:
    """Return a sheet's problems: points above a cap, points off the unit and, if `whole`, leaves without points."""
    leaves = {leaf.code: leaf for leaf in review.indicators.leaves()}
    found = [problem(to_pointer(("scores", code)), "score_unknown") for code in sorted(scores.keys() - leaves.keys())]
    for code, leaf in leaves.items():
        if code in scores:
            found += _check_points(leaf, scores[code], unit=review.indicators.unit)
        elif whole:
            found.append(problem(to_pointer(("scores", code)), "score_missing", label=(leaf.name.zh, leaf.name.en)))
    return found


def subtotal(indicator: Indicator, scores: Scores) -> Decimal:
    """Return the points of a sheet below one indicator."""
    return sum((scores[leaf.code] for leaf in indicator.leaves()), Decimal(0))


def official_score(review: Review, sheets: Sequence[Scores]) -> ScoreTrace:
    """Return the official score of the sheets under the review's aggregation, with its trace.

    `raw_trimmed`: from `trim_from` sheets on, one highest and one lowest total are dropped (of equal totals, by the
    points leaf by leaf in the tree's order). The mean of the rest is rounded once, half up. Raises SheetsTooFew below
    the panel's minimum and SheetInvalid for a sheet that `check_sheet` refuses.
    """
    rule = review.aggregation
    if len(sheets) < review.panel.minimum_sheets:
        raise SheetsTooFew(found=len(sheets), needed=review.panel.minimum_sheets)
    for position, scores in enumerate(sheets):
        problems = check_sheet(review, scores)
        if problems:
            raise SheetInvalid(problems=[replace(each, pointer=f"/{position}{each.pointer}") for each in problems])
    leaves = [leaf.code for leaf in review.indicators.leaves()]
    with localcontext(prec=_DIGITS):
        totals = tuple(sum(scores.values(), Decimal(0)) for scores in sheets)
        ordered = sorted(range(len(sheets)), key=lambda at: (totals[at], [sheets[at][code] for code in leaves]))
        trimmed = len(ordered) >= rule.trim_from
        kept = tuple(sorted(ordered[1:-1] if trimmed else ordered))
        return ScoreTrace(
            official=_mean([totals[at] for at in kept], rule.round_to),
            method=rule.method,
            totals=totals,
            dropped_lowest=ordered[0] if trimmed else None,
            dropped_highest=ordered[-1] if trimmed else None,
            kept=kept,
            sum=sum((totals[at] for at in kept), Decimal(0)),
            divisor=len(kept),
            round_to=rule.round_to,
            criteria={
                node.code: _mean([subtotal(node, sheets[at]) for at in kept], rule.round_to)
                for node in review.indicators.walk()
            },
        )


def _check_points(leaf: Indicator, points: object, *, unit: Decimal) -> list[FieldProblem]:
    pointer, label = to_pointer(("scores", leaf.code)), (leaf.name.zh, leaf.name.en)
    if not isinstance(points, Decimal) or not points.is_finite():
        return [problem(pointer, "score_not_decimal", label=label)]
    if points < 0:
        return [problem(pointer, "score_negative", label=label)]
    if points > leaf.cap:
        return [problem(pointer, "score_above_cap", label=label, limit=leaf.cap)]
    # The exponent is compared first: a fraction of 1E-999999 would have a million digits.
    if points and (points.adjusted() < unit.adjusted() or Fraction(points.normalize()) % Fraction(unit)):
        return [problem(pointer, "score_off_unit", label=label, limit=unit)]
    return []


def _mean(values: Sequence[Decimal], round_to: Decimal) -> Decimal:
    """Return the mean rounded once, half up; the quotient is an exact fraction, not rounded before."""
    steps = sum((Fraction(value) for value in values), Fraction(0)) / len(values) / Fraction(round_to)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (Decimal(whole) * round_to).quantize(round_to, rounding=ROUND_HALF_UP)
