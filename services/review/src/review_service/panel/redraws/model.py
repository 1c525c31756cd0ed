"""A proposal to dissolve the panel of a case and draw it again, with the persons who proposed and decided it."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from common.kernel.actor import Actor, Role
from common.kernel.worklist import waits_for
from common.storage.columns import EnumText, UtcDateTime
from review_service.cases.reviews.lifecycle import LIFECYCLE as REVIEW_LIFECYCLE
from review_service.cases.reviews.model import Review
from review_service.panel.redraws.lifecycle import LIFECYCLE, State
from review_service.tables import Stored


class Redraw(Stored):
    """One proposal; `draw_id` is the draw whose panel is to be dissolved."""

    __tablename__ = "redraws"
    PREFIX = "rdw"
    MOVES = LIFECYCLE

    review_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str]
    draw_id: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PROPOSED)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    decided_by: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    refused_because: Mapped[str | None] = mapped_column(default=None)

    def propose(self, review: Review) -> None:
        """Submit the proposal to another person; the case's state must allow it."""
        REVIEW_LIFECYCLE.move(review.state, "dissolve_panel")
        self.record(LIFECYCLE.birth("propose"), reason=self.reason)
        self.waits_for = waits_for(Role.RECOGNITION_OFFICER)

    def approve(self, *, by: Actor, at: datetime) -> None:
        """Approve it, by another person."""
        self._decide("approve", by=by, at=at)

    def refuse(self, *, by: Actor, reason: str, at: datetime) -> None:
        """Refuse it with a reason, by another person."""
        self._decide("refuse", by=by, at=at, reason=reason)
        self.refused_because = reason

    def _decide(self, action: str, *, by: Actor, at: datetime, reason: str | None = None) -> None:
        move = LIFECYCLE.check(self, action, by)
        self.decided_by, self.decided_at, self.waits_for = by.sub, at, None
        self.record(move, reason=reason)
