"""One expert's scores and remarks for one application, in decimals, within the caps of the programme's indicators."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications.applications import OverdueRule
from common.kernel.actor import Role
from common.kernel.worklist import Term, waits_for
from common.programme import Programme
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.waiting.desks import OnDesk
from review_service.panel.sheets.lifecycle import LIFECYCLE, State
from review_service.panel.sheets.refusals import (
    EvidenceUnknown,
    GroundUnknown,
    RemarkUnknown,
    SheetAlreadySubmitted,
    SheetIncomplete,
    SheetNotDue,
)
from review_service.tables import Stored

Remarks = Mapping[str, dict[str, Any]]
"""By indicator: `remark`, a text or None, and `evidence`, the digests of attachments of the case."""


class Sheet(OnDesk, Stored):
    """The sheet of one expert for one seat of a review's panel; `scores` stores each decimal as text.

    `replaces` is the sheet whose seat the expert took over; `ground` is the ground of a recusal.
    """

    __tablename__ = "sheets"
    __table_args__ = (UniqueConstraint("draw_id", "review_id", "expert_id"),)
    PREFIX = "sht"
    MOVES = LIFECYCLE

    review_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str]
    draw_id: Mapped[str]
    expert_id: Mapped[str] = mapped_column(index=True)
    expert_sub: Mapped[str] = mapped_column(index=True)
    seat: Mapped[int]
    role: Mapped[str]
    laid_out_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaces: Mapped[str | None] = mapped_column(default=None)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.OPEN)
    scores: Mapped[dict[str, str]] = mapped_column(JsonText, default_factory=dict)
    remarks: Mapped[dict[str, dict[str, Any]]] = mapped_column(JsonText, default_factory=dict)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ground: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)

    def lay_out(self, term: Term) -> None:
        """Create the empty sheet; it waits for the expert within a term."""
        self.record(LIFECYCLE.birth("lay_out"))
        self.wait(waits_for(Role.EXPERT, self.expert_sub), term)

    def fill_in(
        self, scores: Mapping[str, Decimal], *, remarks: Remarks, programme: Programme, snapshot: Mapping[str, Any]
    ) -> None:
        """Store scores, with a remark and evidence per indicator.

        Raises SheetInvalid when an indicator is unknown or its cap is exceeded, RemarkUnknown for a remark about
        anything else, and EvidenceUnknown for a file that the experts of the case do not read.
        """
        self._check_open()
        move = LIFECYCLE.move(self.state, "fill_in")
        programme.check_scores(scores)
        if strange := sorted(remarks.keys() - set(programme.leaves)):
            raise RemarkUnknown.at(*(f"/remarks/{indicator}" for indicator in strange))
        readable = {each.get("digest") for each in programme.blinded(snapshot)["attachments"]}
        wrong = [
            f"/remarks/{indicator}/evidence/{place}"
            for indicator, remark in remarks.items()
            for place, digest in enumerate(remark["evidence"])
            if digest not in readable
        ]
        if wrong:
            raise EvidenceUnknown.at(*wrong)
        self.scores = {indicator: f"{score:f}" for indicator, score in scores.items()}
        self.remarks = dict(remarks)
        self.record(move)

    def submit(self, *, programme: Programme, at: datetime) -> None:
        """Seal the sheet; it must score every indicator."""
        self._check_open()
        move = LIFECYCLE.move(self.state, "submit")
        missing = [indicator for indicator in programme.leaves if indicator not in self.scores]
        if missing:
            raise SheetIncomplete(missing="、".join(missing))
        self.submitted_at = at
        self.record(move)
        self.wait(None)

    def recuse(self, *, ground: str, reason: str, programme: Programme) -> None:
        """Leave the seat on a ground of the programme: the expert must not judge this applicant."""
        self._check_open()
        if all(rule.code != ground for rule in programme.review.recusal):
            raise GroundUnknown(ground=ground)
        self.ground = ground
        self._end("recuse", reason)

    def replace(self, *, reason: str, today: date) -> None:
        """Take the seat from an expert who has not submitted in time. Raises SheetNotDue until the last day is over."""
        self._check_open()
        if self.due_on is not None and today <= self.due_on:
            raise SheetNotDue(due_on=self.due_on.isoformat())
        self._end("replace", reason)

    def pass_by(self, rule: OverdueRule) -> None:
        """Do what the programme prescribes for a sheet that was not submitted in time.

        `escalate` puts it on the recognition body's desk, which replaces the expert; he may submit until it does.
        """
        self.record(LIFECYCLE.move(self.state, "fall_due"), reason=rule.value)
        if rule is OverdueRule.ESCALATE:
            self.pass_on(waits_for(Role.RECOGNITION_OFFICER))

    def void(self, *, reason: str) -> None:
        """End the sheet, submitted or not: it does not count."""
        self._end("void", reason)

    def decimals(self) -> dict[str, Decimal]:
        """Return the scores as numbers."""
        return {indicator: Decimal(score) for indicator, score in self.scores.items()}

    def _end(self, action: str, reason: str) -> None:
        move = LIFECYCLE.move(self.state, action)
        self.reason = reason
        self.record(move, reason=reason)
        self.wait(None)

    def _check_open(self) -> None:
        """A sealed sheet leaves its state only when it is void; its expert cannot change it any more."""
        if self.state is State.SUBMITTED:
            allowed = LIFECYCLE.allowed(self.state)
            raise SheetAlreadySubmitted(current_state=self.state, allowed_actions=allowed)
