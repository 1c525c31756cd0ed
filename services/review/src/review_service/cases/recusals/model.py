"""One person who may not act on the cases of one applicant, in whatever role."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.recusals import RecusalDeclared, RecusalLifted
from common.kernel.actor import Actor
from common.storage.columns import EnumText, UtcDateTime
from review_service.cases.recusals.lifecycle import LIFECYCLE, State
from review_service.tables import Stored


class Recusal(Stored):
    """One recusal; `person` is the `sub` of the person's tokens."""

    __tablename__ = "recusals"
    PREFIX = "rcs"
    MOVES = LIFECYCLE

    person: Mapped[str] = mapped_column(index=True)
    applicant: Mapped[str]
    reason: Mapped[str]
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declared_by: Mapped[str]
    state: Mapped[State] = mapped_column(EnumText(State), default=State.DECLARED)
    in_force: Mapped[bool] = mapped_column(default=True)

    def declare(self) -> None:
        """Bind the person from now on."""
        event = RecusalDeclared(recusal_id=self.id, person=self.person, applicant=self.applicant)
        self.record(LIFECYCLE.birth("declare"), event, reason=self.reason)

    def lift(self, *, by: Actor, reason: str) -> None:
        """Let the person act again. Raises LiftedByAnother for the person himself."""
        move = LIFECYCLE.check(self, "lift", by)
        self.in_force = False
        event = RecusalLifted(recusal_id=self.id, person=self.person, applicant=self.applicant)
        self.record(move, event, reason=reason)
