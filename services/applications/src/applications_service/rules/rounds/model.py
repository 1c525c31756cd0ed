"""A round: one call of a programme, under the rules of one edition."""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.rules.programmes.model import ProgrammeEdition
from applications_service.rules.rounds.lifecycle import LIFECYCLE, State
from applications_service.rules.rounds.refusals import (
    AcceptanceWindowClosed,
    CasesStillOpen,
    EditionNotInForce,
    NothingExtended,
    OutsideCycle,
    RecommendationWindowClosed,
    RoundTooSoon,
    WindowShortened,
)
from applications_service.rules.rounds.windows import TICK, Windows
from applications_service.tables import Stored
from common.contracts.applications.rounds import (
    AcceptanceConcluded,
    AcceptanceOverdue,
    RoundClosed,
    RoundExtended,
    RoundOpened,
)
from common.kernel.actor import Role
from common.kernel.clock import SHANGHAI, legal_date
from common.kernel.digests import digest
from common.kernel.worklist import Term, waits_for
from common.storage.columns import EnumText, UtcDateTime
from common.storage.finding.keys import Key
from common.storage.waiting.desks import OnDesk

ACCEPTANCE: Final = "acceptance"
"""The clock of a closed round: it runs until its acceptance has to be concluded."""


class Round(OnDesk, Stored):
    """The yearly call; it accepts applications from `opens_at` (inclusive) to `closes_at` (exclusive)."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("honour", "year"),)
    PREFIX = "rnd"
    MOVES = LIFECYCLE

    programme_id: Mapped[str]
    honour: Mapped[str] = mapped_column(Key())
    edition: Mapped[int]
    programme_digest: Mapped[str]
    year: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recommendation_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acceptance_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.OPEN)
    accepted_count: Mapped[int | None] = mapped_column(default=None)
    accepted_digest: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def opened(
        cls,
        *,
        round_id: str,
        programme: ProgrammeEdition,
        year: int,
        windows: Windows,
        years_held: Collection[int],
        at: datetime,
    ) -> "Round":
        """Open a round under an edition; these rules apply to every case of the round until its end.

        `years_held` are the years of the honour's other rounds. Raises as `Windows.check`, EditionNotInForce,
        OutsideCycle and RoundTooSoon.
        """
        windows.check(at=at)
        _check_rules(programme, year=year, windows=windows, years_held=years_held)
        round_ = cls(
            id=round_id,
            programme_id=programme.id,
            honour=programme.honour,
            edition=programme.number,
            programme_digest=programme.digest,
            year=year,
            **asdict(windows),
        )
        round_.record(
            LIFECYCLE.birth("open"),
            RoundOpened(
                round_id=round_id,
                programme_id=programme.id,
                honour=programme.honour,
                edition=programme.number,
                programme_digest=programme.digest,
                year=year,
                **asdict(windows),
            ),
        )
        return round_

    @property
    def windows(self) -> Windows:
        """Return the windows as they are now."""
        return Windows(**{name: getattr(self, name) for name in Windows.__slots__})

    def is_open(self, at: datetime) -> bool:
        """Return whether the round accepts applications at this instant."""
        return self.state is State.OPEN and self.opens_at <= at < self.closes_at

    def check_recommending(self, at: datetime) -> None:
        """Raise RecommendationWindowClosed when the recommenders' time is over."""
        if at >= self.recommendation_closes_at:
            raise RecommendationWindowClosed(closes_at=self.recommendation_closes_at)

    def check_accepting(self, at: datetime) -> None:
        """Raise AcceptanceWindowClosed when the recognition body's time is over."""
        if at >= self.acceptance_closes_at:
            raise AcceptanceWindowClosed(closes_at=self.acceptance_closes_at)

    def extend(self, *, reason: str, at: datetime, **later: datetime | None) -> None:
        """Move ends of windows to later instants.

        Raises NothingExtended, WindowShortened, and as `Windows.check`.
        """
        move = LIFECYCLE.move(self.state, "extend")
        given = {name: end for name, end in later.items() if end is not None and end != getattr(self, name)}
        if not given:
            raise NothingExtended
        for name, end in given.items():
            if end < getattr(self, name) or (name == "closes_at" and at >= self.closes_at):
                raise WindowShortened(pointer=f"/{name}")
        windows = replace(self.windows, **given)
        windows.check(at=at)
        self.closes_at = windows.closes_at
        self.recommendation_closes_at = windows.recommendation_closes_at
        self.acceptance_closes_at = windows.acceptance_closes_at
        if self.state is State.CLOSED:
            self._wait_for_conclusion()
        self.record(move, RoundExtended(**self._about(), **asdict(windows), reason=reason), reason=reason)

    def close(self) -> None:
        """Close the round, on its closing date or earlier; the recognition body then concludes the acceptance."""
        self.record(LIFECYCLE.move(self.state, "close"), RoundClosed(**self._about()))
        self._wait_for_conclusion()

    def fall_due(self) -> None:
        """Publish that the acceptance was not concluded when its window closed."""
        move = LIFECYCLE.move(self.state, "fall_due")
        if self.due_on is None:
            raise ValueError(f"no term of {self.id} can have passed")
        self.record(move, AcceptanceOverdue(**self._about(), due_on=self.due_on))

    def conclude_acceptance(self, *, accepted: Collection[str], still_open: int, at: datetime) -> None:
        """End the acceptance: these applications, and no other, are under review. Raises CasesStillOpen."""
        move = LIFECYCLE.move(self.state, "conclude_acceptance")
        if still_open:
            raise CasesStillOpen(count=still_open)
        self.accepted_count, self.accepted_digest = len(accepted), digest(sorted(accepted))
        concluded = AcceptanceConcluded(
            **self._about(),
            accepted_count=self.accepted_count,
            accepted_digest=self.accepted_digest,
            concluded_at=at,
        )
        self.record(move, concluded)
        self.wait(None)

    def _wait_for_conclusion(self) -> None:
        due_on = legal_date(self.acceptance_closes_at - TICK)
        self.wait(waits_for(Role.RECOGNITION_OFFICER), Term(clock=ACCEPTANCE, due_on=due_on))

    def _about(self) -> dict[str, str | int]:
        return {"round_id": self.id, "honour": self.honour, "year": self.year}


def _check_rules(programme: ProgrammeEdition, *, year: int, windows: Windows, years_held: Collection[int]) -> None:
    rules = programme.rules
    effective_on, cycle = rules.identity.effective_on, rules.cycle
    first, last = windows.opens_at.astimezone(SHANGHAI), windows.last_day
    if legal_date(windows.opens_at) < effective_on:
        raise EditionNotInForce(effective_on=effective_on)
    inside = cycle.opens_month <= first.month and last.month <= cycle.closes_month
    if not inside or first.year != last.year or first.year > year:
        raise OutsideCycle(year=year, opens_month=cycle.opens_month, closes_month=cycle.closes_month)
    for held in years_held:
        if 0 < abs(held - year) < cycle.every_years:
            raise RoundTooSoon(every_years=cycle.every_years, year=held)
