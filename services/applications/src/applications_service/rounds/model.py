"""A round: one call of a programme, pinned to the edition it was opened under."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.programmes.model import ProgrammeEdition
from applications_service.rounds.lifecycle import LIFECYCLE, State
from applications_service.rounds.refusals import RoundPeriodEmpty
from applications_service.tables import Stored
from common.contracts.applications import RoundClosed, RoundOpened
from common.storage.columns import EnumText, UtcDateTime


class Round(Stored):
    """The yearly call; takes applications from `opens_at` (inclusive) to `closes_at` (exclusive)."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("honour", "year"),)

    programme_id: Mapped[str]
    honour: Mapped[str]
    edition: Mapped[int]
    programme_digest: Mapped[str]
    year: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.OPEN)

    @classmethod
    def opened(
        cls, *, round_id: str, programme: ProgrammeEdition, year: int, opens_at: datetime, closes_at: datetime
    ) -> "Round":
        """Open a round under an edition; every case of it keeps these rules for life."""
        if closes_at <= opens_at:
            raise RoundPeriodEmpty
        round_ = cls(
            id=round_id,
            programme_id=programme.id,
            honour=programme.honour,
            edition=programme.edition,
            programme_digest=programme.digest,
            year=year,
            opens_at=opens_at,
            closes_at=closes_at,
        )
        round_.record(
            LIFECYCLE.birth("open"),
            RoundOpened(
                round_id=round_id,
                programme_id=programme.id,
                honour=programme.honour,
                edition=programme.edition,
                programme_digest=programme.digest,
                year=year,
                opens_at=opens_at,
                closes_at=closes_at,
            ),
        )
        return round_

    def is_open(self, at: datetime) -> bool:
        """Tell whether it takes applications at this instant."""
        return self.state is State.OPEN and self.opens_at <= at < self.closes_at

    def close(self) -> None:
        """End the call before or at its date."""
        move = LIFECYCLE.move(self.state, "close")
        self.record(move, RoundClosed(round_id=self.id, honour=self.honour, year=self.year))
