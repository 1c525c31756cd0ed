"""A registration: one recognition as the review published it, and what became of it.

Invariant: its id is that of the event, so that a forged recognition and the genuine one are two registrations, each
judged on its own grounds; it is registered together with its brand, in one commit.
"""

from datetime import datetime
from typing import Any, Self

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.reviews import Registration as Granted, ReviewCompleted
from common.kernel.actor import Actor
from common.storage.columns import EnumText, JsonText, UtcDateTime
from registry_service.register.registrations.lifecycle import LIFECYCLE, State
from registry_service.tables import Stored


class Registration(Stored):
    """One recognised case; `claim` is the whole event, so that its grounds can be looked up at any time."""

    __tablename__ = "registrations"
    CASE_OF = "applicant"
    MOVES = LIFECYCLE

    review_id: Mapped[str]
    application_id: Mapped[str] = mapped_column(index=True)
    applicant_id: Mapped[str]
    applicant: Mapped[str]
    applicant_name: Mapped[str]
    honour: Mapped[str]
    year: Mapped[int]
    item: Mapped[str]
    claim: Mapped[dict[str, Any]] = mapped_column(JsonText)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.WAITING, index=True)
    brand_number: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    decided_by: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @classmethod
    def received(cls, event: ReviewCompleted, granted: Granted, *, event_id: str, at: datetime) -> Self:
        """Make the registration of a recognition; `at` is the system's instant, from which its wait counts."""
        registration = cls(
            id=event_id,
            review_id=event.review_id,
            application_id=event.application_id,
            applicant_id=event.applicant_id,
            applicant=event.applicant,
            applicant_name=event.applicant_name,
            honour=event.honour,
            year=granted.year,
            item=granted.item,
            claim=event.model_dump(mode="json"),
            received_at=at,
        )
        registration.record(LIFECYCLE.birth("receive"))
        return registration

    def register(self, brand_number: str) -> None:
        """Note the brand that was registered."""
        self.record(LIFECYCLE.move(self.state, "register"))
        self.brand_number = brand_number

    def release(self, *, reason: str) -> None:
        """Have the grounds looked up again; it waits on when one is still missing."""
        self.record(LIFECYCLE.move(self.state, "release"), reason=reason)

    def refuse(self, *, by: Actor, reason: str, at: datetime) -> None:
        """Refuse to register it."""
        self.record(LIFECYCLE.move(self.state, "refuse"), reason=reason)
        self.reason, self.decided_by, self.decided_at = reason, by.sub, at
