"""An objection to a case on notice. Only the recognition body's officers know the objector and his evidence."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.objections import HearingOpened, ObjectionFiled, ObjectionResolved, Objector, Verdict
from common.files.attached import with_file
from common.files.store import StoredFile
from common.kernel.actor import Actor, Role
from common.kernel.worklist import waits_for
from common.storage.columns import EnumText, JsonText, UtcDateTime
from review_service.decision.objections.lifecycle import LIFECYCLE, State
from review_service.decision.objections.refusals import EvidenceMissing, HearingOver, HearingRuns
from review_service.tables import Stored

EVIDENCE = "evidence"


class Objection(Stored):
    """One objection; the days are the last ones of the investigation and of the firm's hearing, in Asia/Shanghai."""

    __tablename__ = "objections"
    PREFIX = "obj"
    CASE_OF = "applicant"
    ANONYMOUS = frozenset({"draft", "attach", "file"})

    notice_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str] = mapped_column(index=True)
    review_id: Mapped[str] = mapped_column(index=True)
    application_id: Mapped[str]
    applicant_id: Mapped[str]
    applicant: Mapped[str] = mapped_column(index=True)
    division: Mapped[str]
    grounds: Mapped[str]
    objector: Mapped[dict[str, Any]] = mapped_column(JsonText)
    filed_by: Mapped[str]
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.DRAFTED)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    investigation_due_on: Mapped[date | None] = mapped_column(default=None)
    question: Mapped[str | None] = mapped_column(default=None)
    hearing_due_on: Mapped[date | None] = mapped_column(default=None)
    statement: Mapped[str | None] = mapped_column(default=None)
    stated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    answer: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    def draft(self) -> None:
        """Begin the objection, to which its evidence is attached next."""
        self.record(LIFECYCLE.birth("draft"))

    def attach(self, *, name: str, file: StoredFile, by: Actor) -> None:
        """Attach a piece of evidence; the same file counts once. Raises ObjectorOnly."""
        move = LIFECYCLE.check(self, "attach", by)
        self.evidence = with_file(self.evidence, kind=EVIDENCE, name=name, file=file)
        self.record(move)

    def file(self, *, evidence_demanded: bool, due_on: date, by: Actor, at: datetime) -> None:
        """File it; it waits for the recognition body, whose investigation ends on `due_on`.

        Raises ObjectorOnly, and EvidenceMissing when evidence is demanded and none is attached.
        """
        move = LIFECYCLE.check(self, "file", by)
        if evidence_demanded and not self.evidence:
            raise EvidenceMissing
        self.filed_at, self.investigation_due_on = at, due_on
        self.record(
            move,
            ObjectionFiled(
                **self._about(),
                filed_at=at,
                investigation_due_on=due_on,
                objector=Objector.model_validate(self.objector),
                grounds=self.grounds,
            ),
        )
        self.waits_for = waits_for(Role.RECOGNITION_OFFICER)

    def hear(self, *, question: str, due_on: date) -> None:
        """Ask the firm for its position until a day; the question is the officer's and does not name the objector."""
        move = LIFECYCLE.move(self.state, "hear")
        self.question, self.hearing_due_on = question, due_on
        self.record(move, HearingOpened(**self._about(), question=question, due_on=due_on))
        self.waits_for = waits_for(Role.APPLICANT, self.applicant)

    def state_position(self, *, statement: str, by: Actor, at: datetime, today: date) -> None:
        """Take the firm's statement. Raises OtherFirm, and HearingOver after the term."""
        move = LIFECYCLE.check(self, "state_position", by)
        if self.hearing_due_on is not None and today > self.hearing_due_on:
            raise HearingOver(due_on=self.hearing_due_on)
        self.statement, self.stated_at = statement, at
        self.record(move)
        self.waits_for = waits_for(Role.RECOGNITION_OFFICER)

    def resolve(self, *, verdict: Verdict, reason: str, by: Actor, at: datetime, today: date) -> None:
        """Answer it, once.

        Raises FirmNotAsked, or HearingRuns, when it is upheld before the firm's statement or the end of its term.
        """
        upheld = verdict is Verdict.UPHELD
        move = LIFECYCLE.check(self, "uphold" if upheld else "reject", by)
        due_on = self.hearing_due_on
        if upheld and self.stated_at is None and due_on is not None and today <= due_on:
            raise HearingRuns(due_on=due_on)
        self.answer, self.answered_at, self.waits_for = reason, at, None
        self.record(move, ObjectionResolved(**self._about(), verdict=verdict, reason=reason), reason=reason)

    def _about(self) -> dict[str, Any]:
        return {
            "objection_id": self.id,
            "notice_id": self.notice_id,
            "review_id": self.review_id,
            "application_id": self.application_id,
            "applicant_id": self.applicant_id,
            "applicant": self.applicant,
            "division": self.division,
        }
