"""Rounds and their figures: contenders take turns, so that a noisy neighbour slows all of them alike."""

import statistics
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

ROUNDS: Final = 9

Contender: TypeAlias = Callable[[], Awaitable[float]]
"""Does its share of the work once and returns a rate: so many per second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked of a figure: at least or at most so much."""

    bound: float
    at_least: bool = True

    def met(self, value: float) -> bool:
        """Return whether the figure is good enough."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:,g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table: what was measured beside what, and whether it is what was asked."""

    what: str
    ours: str
    ceiling: str
    value: float
    unit: str = ""
    spread: tuple[float, float] | None = None
    target: Target | None = None

    @property
    def verdict(self) -> str:
        """Say whether the target is met; a figure without one is only reported."""
        if self.target is None:
            return "reported"
        return "met" if self.target.met(self.value) else "**missed**"


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rates of each contender, round by round."""

    rates: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def median(self, name: str) -> float:
        """Return a contender's median rate."""
        return statistics.median(self.rates[name])

    def ratios(self, ours: str, ceiling: str) -> list[float]:
        """Return ours over the ceiling of the same round, for each round."""
        return [one / other for one, other in zip(self.rates[ours], self.rates[ceiling], strict=True)]

    def figure(self, what: str, ours: str, ceiling: str, *, target: Target | None = None, per: str = "1/s") -> Figure:
        """Return the row that sets one contender beside another: the median of the rounds' ratios."""
        ratios = self.ratios(ours, ceiling)
        return Figure(
            what=what,
            ours=f"{ours}: {self.median(ours):,.0f} {per}",
            ceiling=f"{ceiling}: {self.median(ceiling):,.0f} {per}",
            value=statistics.median(ratios),
            spread=(min(ratios), max(ratios)),
            target=target,
        )


async def take_turns(contenders: Mapping[str, Contender], *, rounds: int = ROUNDS) -> Rounds:
    """Run each contender once unmeasured, then once in every round, in alternating order."""
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        names = list(contenders) if number % 2 else list(contenders)[::-1]
        for name in names:
            measured = await contenders[name]()
            if number:
                rates[name].append(measured)
    return Rounds(rates)


def say(text: str) -> None:
    """Print how far the run is."""
    sys.stderr.write(f"{text}\n")
