"""The review: one accepted application, from its snapshot to its outcome.

Invariant: the snapshot is the one that was accepted, under the digest that came with it; scores come from sheets only.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications import ApplicationAccepted
from common.contracts.review import Outcome, PanelDrawn, Registration, ReviewCompleted, ReviewOpened, ReviewScored
from common.programme import Programme, ScoreTrace
from common.storage.columns import EnumText, ExactDecimal, JsonText, UtcDateTime
from review_service.reviews.lifecycle import LIFECYCLE, State
from review_service.tables import Stored


class Review(Stored):
    """One case under review."""

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("application_id"),)

    application_id: Mapped[str]
    round_id: Mapped[str] = mapped_column(index=True)
    honour: Mapped[str]
    edition: Mapped[int]
    programme_digest: Mapped[str]
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
    score: Mapped[Decimal | None] = mapped_column(ExactDecimal, default=None)
    arithmetic: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    rank: Mapped[int | None] = mapped_column(default=None)
    reasons: Mapped[list[str]] = mapped_column(JsonText, default_factory=list)

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

    def assign(self, *, draw_id: str, size: int) -> None:
        """Give it the panel that was drawn; the event tells no names."""
        move = LIFECYCLE.move(self.state, "assign")
        self.draw_id = draw_id
        self.record(move, PanelDrawn(**self._about(), draw_id=draw_id, size=size))

    def take_score(self, trace: ScoreTrace) -> None:
        """Take the official score once every sheet is in; the event tells no figure."""
        move = LIFECYCLE.move(self.state, "score")
        self.score, self.arithmetic = trace.official, trace.as_json()
        self.record(move, ReviewScored(**self._about()))

    def place(self, *, rank: int | None, admitted: bool, reasons: list[str]) -> None:
        """Take the place that the ranking gave it; `reasons` say why a case is outside, one inside has none."""
        self.rank, self.reasons = rank, [] if admitted else reasons
        self.record(LIFECYCLE.move(self.state, "shortlist" if admitted else "pass_over"))

    def drop(self, *, reason: str) -> None:
        """Lose the place by an upheld objection; the place stays vacant."""
        move = LIFECYCLE.move(self.state, "drop")
        self.reasons = [*self.reasons, reason]
        self.record(move, reason=reason)

    def remove(self, *, reason: str) -> None:
        """End the review because the application was withdrawn; what is decided stays decided."""
        self.record(LIFECYCLE.move(self.state, "remove"), reason=reason)

    def recognise(
        self, *, programme: Programme, year: int, announcement_id: str, document_number: str, effective_on: date
    ) -> None:
        """Conclude with recognition; the internal part carries everything the registry needs."""
        registration = Registration(
            item=self.item,
            year=year,
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
        self, action: str, outcome: Outcome, announcement_id: str | None, registration: Registration | None
    ) -> None:
        self.record(
            LIFECYCLE.move(self.state, action),
            ReviewCompleted(
                **self._about(),
                applicant_name=self.applicant_name,
                outcome=outcome,
                rank=self.rank,
                reasons=tuple(self.reasons),
                announcement_id=announcement_id,
                recommenders=tuple(self.recommenders),
                registration=registration,
            ),
        )

    def _about(self) -> dict[str, Any]:
        return {
            "review_id": self.id,
            "application_id": self.application_id,
            "round_id": self.round_id,
            "honour": self.honour,
            "applicant": self.applicant,
            "division": self.division,
        }
