"""One expert's scores for one application, in decimals, within the caps of the programme's indicators."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.actor import Role
from common.programme import Programme
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.worklist import waits_for
from review_service.sheets.lifecycle import LIFECYCLE, State
from review_service.sheets.refusals import SheetIncomplete
from review_service.tables import Stored


class Sheet(Stored):
    """Who scores what; `scores` keeps each decimal as text."""

    __tablename__ = "sheets"
    __table_args__ = (UniqueConstraint("review_id", "expert_id"),)

    review_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str]
    expert_id: Mapped[str]
    expert_sub: Mapped[str] = mapped_column(index=True)
    laid_out_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.OPEN)
    scores: Mapped[dict[str, str]] = mapped_column(JsonText, default_factory=dict)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    def lay_out(self) -> None:
        """Put the empty sheet on the expert's desk."""
        self.record(LIFECYCLE.birth("lay_out"))
        self.waits_for = waits_for(Role.EXPERT, self.expert_sub)

    def fill_in(self, scores: Mapping[str, Decimal], *, programme: Programme) -> None:
        """Keep scores; raises when an indicator is unknown or its cap exceeded."""
        move = LIFECYCLE.move(self.state, "fill_in")
        programme.check_scores(scores)
        self.scores = {indicator: f"{score:f}" for indicator, score in scores.items()}
        self.record(move)

    def submit(self, *, programme: Programme, at: datetime) -> None:
        """Seal the sheet; it must score every indicator."""
        move = LIFECYCLE.move(self.state, "submit")
        missing = [indicator for indicator in programme.leaves if indicator not in self.scores]
        if missing:
            raise SheetIncomplete(missing="、".join(missing))
        self.submitted_at, self.waits_for = at, None
        self.record(move)

    def void(self) -> None:
        """End it unsealed because there is nothing to score any more."""
        move = LIFECYCLE.move(self.state, "void")
        self.waits_for = None
        self.record(move)

    def decimals(self) -> dict[str, Decimal]:
        """Return the scores as numbers."""
        return {indicator: Decimal(score) for indicator, score in self.scores.items()}
