"""The review: one accepted application, from its snapshot to its outcome.

Invariant: the snapshot is the one that was accepted, under the digest that came with it; scores come from sheets only;
a case that is recognised was on a notice that had ended, and nobody held it.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications.applications import ApplicationAccepted
from common.contracts.review.reviews import (
    Outcome,
    PanelCause,
    PanelChanged,
    PanelDissolved,
    PanelDrawn,
    Registration,
    ReviewCompleted,
    ReviewHeld,
    ReviewOpened,
    ReviewReleased,
    ReviewScored,
    WithdrawalOutcome,
    WithdrawalSettled,
)
from common.kernel.actor import SYSTEM, Actor
from common.programme import Programme, ScoreTrace
from common.storage.columns import EnumText, ExactDecimal, JsonText, UtcDateTime
from review_service.cases.reviews.lifecycle import LIFECYCLE, UNDECIDED, State
from review_service.cases.reviews.refusals import NoticeNotEnded
from review_service.tables import Stored

TOO_LATE: Final = {
    Outcome.RECOGNISED: "评审已终结并予以认定，撤回申请不予办理；如需退出，请向登记机构申请注销称号。",
    Outcome.NOT_RECOGNISED: "评审已终结，结论为不予认定，无需撤回。",
}
"""The reason that the applicant reads when his request came after the outcome."""


class Review(Stored):
    """One case under review; `vacancies` are the seats that nobody could take, each with why and what would help.

    `on_reserve` says that it may be called up, in the order of its rank. `shown_until` is the last day of the notice
    that showed it. `hold` is the office's reason with its instant while it holds the case.
    """

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("application_id"),)
    PREFIX = "rev"
    MOVES = LIFECYCLE
    CASE_OF = "applicant"

    application_id: Mapped[str]
    round_id: Mapped[str] = mapped_column(index=True)
    honour: Mapped[str]
    edition: Mapped[int]
    programme_digest: Mapped[str]
    applicant_id: Mapped[str]
    applicant: Mapped[str]
    applicant_name: Mapped[str]
    division: Mapped[str]
    item: Mapped[str]
    digest: Mapped[str]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonText)
    recommenders: Mapped[list[str]] = mapped_column(JsonText)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PENDING)
    draw_id: Mapped[str | None] = mapped_column(default=None)
    sheets_due_on: Mapped[date | None] = mapped_column(default=None)
    vacancies: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    vacant_seats: Mapped[int] = mapped_column(default=0)
    score: Mapped[Decimal | None] = mapped_column(ExactDecimal, default=None)
    arithmetic: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    rank: Mapped[int | None] = mapped_column(default=None)
    reasons: Mapped[list[str]] = mapped_column(JsonText, default_factory=list)
    on_reserve: Mapped[bool] = mapped_column(default=False)
    shown_until: Mapped[date | None] = mapped_column(default=None)
    hold: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)

    @classmethod
    def opened(cls, event: ApplicationAccepted, *, review_id: str, at: datetime) -> "Review":
        """Open the review of an accepted application from its snapshot."""
        applicant = event.snapshot["applicant"]
        review = cls(
            id=review_id,
            application_id=event.application_id,
            round_id=event.round_id,
            honour=event.honour,
            edition=event.edition,
            programme_digest=event.programme_digest,
            applicant_id=event.applicant_id,
            applicant=event.applicant,
            applicant_name=applicant["name"],
            division=event.division,
            item=event.snapshot["item"],
            digest=event.digest,
            snapshot=event.snapshot,
            recommenders=list(event.recommenders),
            opened_at=at,
        )
        review.record(LIFECYCLE.birth("open"), ReviewOpened(**review._about()))
        return review

    def assign(
        self, *, draw_id: str, due_on: date, readers: Sequence[str], vacancies: Sequence[dict[str, Any]] = ()
    ) -> None:
        """Assign the drawn panel to the review; `readers` are its experts, whom the event names inside only."""
        move = LIFECYCLE.move(self.state, "assign")
        self.draw_id, self.sheets_due_on = draw_id, due_on
        self._leave_vacant(vacancies)
        self.record(
            move,
            PanelDrawn(
                **self._about(),
                draw_id=draw_id,
                size=len(readers),
                vacant=self.vacant_seats,
                due_on=due_on,
                readers=tuple(readers),
            ),
        )

    def change_panel(
        self,
        cause: PanelCause,
        *,
        readers: Sequence[str],
        vacancies: Sequence[dict[str, Any]],
        reason: str | None = None,
    ) -> None:
        """Note that a seat was emptied or filled: `readers` sit on the panel now, `vacancies` could not be filled."""
        move = LIFECYCLE.move(self.state, "fill_seats" if cause is PanelCause.FILLED else "change_panel")
        self._leave_vacant(vacancies)
        changed = PanelChanged(
            **self._about(), cause=cause, size=len(readers), vacant=self.vacant_seats, readers=tuple(readers)
        )
        self.record(move, changed, reason=reason)

    def dissolve_panel(self, *, reason: str) -> None:
        """Send the case back to be drawn again; its score, if there is one, does not count."""
        move = LIFECYCLE.move(self.state, "dissolve_panel")
        self.draw_id = self.sheets_due_on = self.score = self.arithmetic = None
        self._leave_vacant(())
        self.record(move, PanelDissolved(**self._about(), reason=reason), reason=reason)

    def take_score(self, trace: ScoreTrace) -> None:
        """Store the official score after every sheet has been submitted; the event contains no figure."""
        self._take_score("score", trace)

    def close_panel(self, trace: ScoreTrace, *, reason: str) -> None:
        """Store the official score of fewer sheets than the panel has seats, as many as the programme demands."""
        self._leave_vacant(())
        self._take_score("close_panel", trace, reason=reason)

    def _take_score(self, action: str, trace: ScoreTrace, *, reason: str | None = None) -> None:
        move = LIFECYCLE.move(self.state, action)
        self.score, self.arithmetic = trace.official, trace.as_json()
        self.record(move, ReviewScored(**self._about()), reason=reason)

    def _leave_vacant(self, vacancies: Collection[dict[str, Any]]) -> None:
        self.vacancies, self.vacant_seats = list(vacancies), len(vacancies)

    def place(self, *, rank: int, admitted: bool, on_reserve: bool, reasons: list[str]) -> None:
        """Store the place from the ranking; `reasons` say why a case is outside, and are empty for one inside."""
        self.rank, self.on_reserve, self.reasons = rank, on_reserve, [] if admitted else reasons
        self.record(LIFECYCLE.move(self.state, "shortlist" if admitted else "pass_over"))

    def call_up(self) -> None:
        """Take a vacant place from the reserve list; the case needs a notice of its own."""
        move = LIFECYCLE.move(self.state, "call_up")
        self.on_reserve, self.reasons = False, []
        self.record(move)

    def show(self, *, until: date) -> None:
        """Note the last day of the notice that shows the case. Raises ReviewOnHold."""
        move = LIFECYCLE.check(self, "show", SYSTEM)
        self.shown_until = until
        self.record(move)

    def hold_back(self, *, by: Actor, reason: str, at: datetime) -> None:
        """Hold the case until it is released or removed. Raises ReviewOnHold when it is held already."""
        move = LIFECYCLE.check(self, "hold", by)
        self.hold = {"reason": reason, "held_at": at.isoformat()}
        self.record(move, ReviewHeld(**self._about(), reason=reason), reason=reason)

    def release(self, *, by: Actor, reason: str) -> None:
        """Let the case go on where it was. Raises ReviewNotOnHold."""
        move = LIFECYCLE.check(self, "release", by)
        self.hold = None
        self.record(move, ReviewReleased(**self._about(), reason=reason), reason=reason)

    def remove(self, *, grounds: Sequence[str], reason: str) -> None:
        """End the case without recognition; `grounds` are the codes of why, `reason` is the sentence about it."""
        self.reasons = [*self.reasons, *grounds, reason]
        self._complete("remove", Outcome.NOT_RECOGNISED, None, None, reason=reason)

    def settle_withdrawal(self, *, reason: str) -> None:
        """Settle the applicant's request: an undecided case ends as withdrawn, a concluded one keeps its outcome."""
        undecided = self.state in UNDECIDED
        settled = WithdrawalSettled(
            **self._about(),
            outcome=WithdrawalOutcome.WITHDRAWN if undecided else WithdrawalOutcome.TOO_LATE,
            concluded_as=None if undecided else Outcome(self.state),
            reason=reason if undecided else TOO_LATE[Outcome(self.state)],
        )
        self.record(LIFECYCLE.move(self.state, "withdraw" if undecided else "deny_withdrawal"), settled, reason=reason)

    def was_shown(self, today: date) -> bool:
        """Return whether the notice that showed the case has ended before this day."""
        return self.shown_until is not None and self.shown_until < today

    def recognise(
        self,
        *,
        programme: Programme,
        year: int,
        announcement_id: str,
        document_number: str,
        announced_on: date,
        effective_on: date,
    ) -> None:
        """Conclude with recognition; the event's internal part contains all data for the registry.

        Raises ReviewOnHold, and NoticeNotEnded unless the notice that showed the case ended before `announced_on`.
        """
        LIFECYCLE.check(self, "recognise", SYSTEM)
        if not self.was_shown(announced_on):
            raise NoticeNotEnded(application_id=self.application_id)
        applied = programme.item_of(self.snapshot["answers"])
        registration = Registration(
            item=self.item,
            category=applied.category,
            scope=applied.scope,
            trademark=applied.trademark,
            models=applied.models,
            year=year,
            digest=self.digest,
            programme_digest=self.programme_digest,
            edition=self.edition,
            document_number=document_number,
            effective_on=effective_on,
            validity_years=programme.title.validity_years,
            number_pattern=programme.title.number_pattern,
        )
        self._complete("recognise", Outcome.RECOGNISED, announcement_id, registration)

    def decline(self, *, reason: str | None = None, announcement_id: str | None = None) -> None:
        """Conclude without recognition."""
        if reason is not None:
            self.reasons = [*self.reasons, reason]
        self._complete("decline", Outcome.NOT_RECOGNISED, announcement_id, None)

    def _complete(
        self,
        action: str,
        outcome: Outcome,
        announcement_id: str | None,
        registration: Registration | None,
        *,
        reason: str | None = None,
    ) -> None:
        self.record(
            LIFECYCLE.move(self.state, action),
            ReviewCompleted(
                **self._about(),
                applicant_name=self.applicant_name,
                uscc=self.snapshot["applicant"]["uscc"],
                uscc_exception=self.snapshot["applicant"].get("uscc_exception"),
                outcome=outcome,
                rank=self.rank,
                reasons=tuple(self.reasons),
                announcement_id=announcement_id,
                recommenders=tuple(self.recommenders),
                registration=registration,
            ),
            reason=reason,
        )

    def _about(self) -> dict[str, Any]:
        return {
            "review_id": self.id,
            "application_id": self.application_id,
            "round_id": self.round_id,
            "honour": self.honour,
            "applicant_id": self.applicant_id,
            "applicant": self.applicant,
            "division": self.division,
        }
