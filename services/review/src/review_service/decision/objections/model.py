"""An objection to a case on notice. Only the recognition body's officers know the objector.

His evidence is theirs as well, and the office's once the objection has gone up to it unanswered.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Mapped, mapped_column

from common.codes.calendar import WorkingCalendar
from common.contracts.applications.applications import OverdueRule
from common.contracts.review.objections import (
    HearingMoved,
    HearingOpened,
    ObjectionFiled,
    ObjectionOverdue,
    ObjectionResolved,
    Objector,
    Verdict,
)
from common.files.attached import with_file
from common.files.store import StoredFile
from common.kernel.actor import Actor, Role
from common.kernel.worklist import Term, waits_for
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.waiting.desks import OnDesk
from review_service.decision.objections.lifecycle import LIFECYCLE, State
from review_service.decision.objections.refusals import EvidenceMissing, HearingOver, HearingRuns
from review_service.tables import Stored

EVIDENCE = "evidence"
HEARING: Final = "objection_hearing"
"""The clock of the firm; any other one is the recognition body's."""


class Objection(OnDesk, Stored):
    """One objection; the days are the last ones of the investigation and of the firm's hearing, in Asia/Shanghai.

    The investigation pauses during the hearing: `investigation_left` are the days that it has left then. `agency`
    is the recognition body that published the notice; `escalated` says that the objection has gone up to the office.
    """

    __tablename__ = "objections"
    PREFIX = "obj"
    MOVES = LIFECYCLE
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
    agency: Mapped[str]
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.DRAFTED)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    investigation_due_on: Mapped[date | None] = mapped_column(default=None)
    investigation_left: Mapped[int | None] = mapped_column(default=None)
    escalated: Mapped[bool] = mapped_column(default=False)
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

    def file(self, *, evidence_demanded: bool, term: Term, by: Actor, at: datetime) -> None:
        """File it; it waits for the recognition body, which investigates it within a term.

        Raises ObjectorOnly, and EvidenceMissing when evidence is demanded and none is attached.
        """
        move = LIFECYCLE.check(self, "file", by)
        if evidence_demanded and not self.evidence:
            raise EvidenceMissing
        self.filed_at = at
        self.record(
            move,
            ObjectionFiled(
                **self._about(),
                filed_at=at,
                investigation_due_on=term.due_on,
                objector=Objector.model_validate(self.objector),
                grounds=self.grounds,
            ),
        )
        self._investigate(term)

    def hear(self, *, question: str, term: Term, left: int, by: Actor) -> None:
        """Ask the firm for its position within a term; the question is the officer's and does not name the objector.

        The investigation pauses with `left` days. Raises NotGoneUp.
        """
        move = LIFECYCLE.check(self, "hear", by)
        self.question, self.hearing_due_on, self.investigation_left = question, term.due_on, left
        self.record(move, HearingOpened(**self._about(), question=question, due_on=term.due_on))
        self.wait(waits_for(Role.APPLICANT, self.applicant), term)

    def count_again(self, calendar: WorkingCalendar, *, today: date) -> None:
        """Move the end of the firm's running term when it falls later by an amended calendar."""
        before = self.due_on
        if self.clock != HEARING or before is None or not self.move_deadline(calendar, today=today):
            return
        self.hearing_due_on = self.due_on
        moved = HearingMoved(**self._about(), due_on_before=before, due_on_after=self.due_on or before)
        self.record(LIFECYCLE.move(self.state, "move_hearing"), moved)

    def pass_by(self, rule: OverdueRule, *, resumed: Term) -> None:
        """Do what the programme prescribes for a term that has passed.

        A firm that has not stated its position in time cannot do so any more: the investigation is `resumed`. An
        investigation that is overdue goes up to the office by `escalate`; the recognition body may answer until the
        office has.
        """
        if self.due_on is None or self.clock is None:
            raise ValueError(f"no term of {self.id} can have passed")
        overdue = ObjectionOverdue(**self._about(), clock=self.clock, due_on=self.due_on, on_overdue=rule)
        self.record(LIFECYCLE.move(self.state, "fall_due"), overdue, reason=rule.value)
        if self.clock == HEARING:
            self._investigate(resumed)
        elif rule is OverdueRule.ESCALATE:
            self.escalated = True
            self.pass_on(waits_for(Role.OFFICE))

    def state_position(self, *, statement: str, by: Actor, resumed: Term, at: datetime, today: date) -> None:
        """Take the firm's statement and resume the investigation. Raises OtherFirm, and HearingOver after the term."""
        move = LIFECYCLE.check(self, "state_position", by)
        if self.hearing_due_on is not None and today > self.hearing_due_on:
            raise HearingOver(due_on=self.hearing_due_on)
        self.statement, self.stated_at = statement, at
        self.record(move)
        self._investigate(resumed)

    def resolve(self, *, verdict: Verdict, reason: str, by: Actor, at: datetime, today: date) -> None:
        """Answer it, once.

        Raises NotGoneUp; FirmNotAsked or HearingRuns when it is upheld before the firm's statement or its last day.
        """
        upheld = verdict is Verdict.UPHELD
        move = LIFECYCLE.check(self, "uphold" if upheld else "reject", by)
        due_on = self.hearing_due_on
        if upheld and self.stated_at is None and due_on is not None and today <= due_on:
            raise HearingRuns(due_on=due_on)
        self.answer, self.answered_at = reason, at
        self.record(move, ObjectionResolved(**self._about(), verdict=verdict, reason=reason), reason=reason)
        self.wait(None)

    def _investigate(self, term: Term) -> None:
        self.investigation_due_on, self.investigation_left = term.due_on, None
        self.wait(waits_for(Role.OFFICE if self.escalated else Role.RECOGNITION_OFFICER), term)

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
