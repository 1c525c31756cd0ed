"""The windows of a round (受理期、推荐期、审核期): until when one may apply, recommend and accept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from applications_service.rules.rounds.refusals import RoundPeriodEmpty, RoundPeriodTooFar, RoundWindowsDisordered
from common.codes.calendar import WorkingCalendar
from common.kernel.clock import SHANGHAI, legal_date
from common.kernel.values.times import YEARS_AHEAD
from common.programme import Programme
from common.programme.definition.intake import ClockName

FARTHEST: Final = timedelta(days=YEARS_AHEAD * 366)
"""How far from the day on which it is opened a round's period may begin or end."""
TICK: Final = timedelta(microseconds=1)
"""The distance from an instant that is excluded back to the last one that is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The instants between which a round takes applications, and those until which it takes the later decisions.

    Applications are taken from `opens_at` (inclusive) to `closes_at`, recommendations to `recommendation_closes_at`,
    acceptances to `acceptance_closes_at` (all exclusive).
    """

    opens_at: datetime
    closes_at: datetime
    recommendation_closes_at: datetime
    acceptance_closes_at: datetime

    def check(self, *, at: datetime) -> None:
        """Raise RoundPeriodTooFar for an instant years away from `at`, RoundPeriodEmpty and RoundWindowsDisordered."""
        for name in self.__slots__:
            if abs(getattr(self, name) - at) > FARTHEST:
                raise RoundPeriodTooFar(pointer=f"/{name}", first_at=at - FARTHEST, last_at=at + FARTHEST)
        if self.closes_at <= self.opens_at:
            raise RoundPeriodEmpty
        if self.recommendation_closes_at < self.closes_at:
            raise RoundWindowsDisordered(pointer="/recommendation_closes_at")
        if self.acceptance_closes_at < self.recommendation_closes_at:
            raise RoundWindowsDisordered(pointer="/acceptance_closes_at")

    @property
    def last_day(self) -> date:
        """Return the last legal day on which applications are taken."""
        return legal_date(self.closes_at - TICK)


def planned(
    programme: Programme,
    calendar: WorkingCalendar,
    *,
    opens_at: datetime,
    closes_at: datetime,
    recommendation_closes_at: datetime | None,
    acceptance_closes_at: datetime | None,
) -> Windows:
    """Return the windows; those that are not given are as long as the programme's terms, one after the other."""
    recommended = recommendation_closes_at or _after(programme, calendar, closes_at, *programme.recommendation_clocks)
    checks: list[ClockName] = ["formal_check"]
    for _ in range(programme.acceptance.supplements):
        checks += ["supplement", "formal_check"]
    accepted = acceptance_closes_at or _after(programme, calendar, recommended, *checks)
    return Windows(
        opens_at=opens_at,
        closes_at=closes_at,
        recommendation_closes_at=recommended,
        acceptance_closes_at=accepted,
    )


def _after(programme: Programme, calendar: WorkingCalendar, start: datetime, *clocks: ClockName) -> datetime:
    """Return the end of the last day of these terms."""
    day = legal_date(start - TICK)
    for clock in map(programme.clock, clocks):
        day = calendar.after(day, days=clock.days, kind=clock.kind).on
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC) if clocks else start
