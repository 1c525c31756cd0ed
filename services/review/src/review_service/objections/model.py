"""An objection to a case on notice. Who objects is known to the officers who answer and to nobody else."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.actor import Role
from common.contracts.review import ObjectionFiled, ObjectionResolved, Objector, Verdict
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.worklist import waits_for
from review_service.objections.lifecycle import LIFECYCLE, State
from review_service.tables import Stored


class Objection(Stored):
    """One objection."""

    __tablename__ = "objections"

    notice_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str] = mapped_column(index=True)
    review_id: Mapped[str]
    application_id: Mapped[str]
    applicant: Mapped[str]
    division: Mapped[str]
    grounds: Mapped[str]
    objector: Mapped[dict[str, Any]] = mapped_column(JsonText)
    filed_by: Mapped[str]
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.FILED)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    answer: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    def file(self) -> None:
        """Take the objection in; it waits for the recognition body."""
        self.record(
            LIFECYCLE.birth("file"),
            ObjectionFiled(
                **self._about(),
                filed_at=self.filed_at,
                objector=Objector.model_validate(self.objector),
                grounds=self.grounds,
            ),
        )
        self.waits_for = waits_for(Role.RECOGNITION_OFFICER)

    def resolve(self, *, verdict: Verdict, reason: str, at: datetime) -> None:
        """Answer it, once."""
        move = LIFECYCLE.move(self.state, "uphold" if verdict is Verdict.UPHELD else "reject")
        self.answer, self.answered_at, self.waits_for = reason, at, None
        self.record(move, ObjectionResolved(**self._about(), verdict=verdict, reason=reason), reason=reason)

    def _about(self) -> dict[str, Any]:
        return {
            "objection_id": self.id,
            "notice_id": self.notice_id,
            "review_id": self.review_id,
            "application_id": self.application_id,
            "applicant": self.applicant,
            "division": self.division,
        }
