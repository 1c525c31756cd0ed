"""An act on a brand: grounds, reason and document, proposed by one person and decided by another."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from common.actor import Role
from common.programme import Programme
from common.programme.outcome import Act as ActKind
from common.storage.columns import EnumText, UtcDateTime
from common.worklist import waits_for
from registry_service.acts.lifecycle import LIFECYCLE, State
from registry_service.acts.refusals import (
    ApprovedByAnotherPerson,
    EffectiveBeforeTitle,
    EffectiveInFuture,
    GroundsUnknown,
)
from registry_service.brands.lifecycle import LIFECYCLE as BRAND_LIFECYCLE
from registry_service.brands.model import Brand, Ruling
from registry_service.tables import Stored


class Act(Stored):
    """One proposal; `action` is the brand's move."""

    __tablename__ = "acts"

    number: Mapped[str] = mapped_column(index=True)
    action: Mapped[ActKind] = mapped_column(Text)
    grounds: Mapped[str]
    reason: Mapped[str]
    document_number: Mapped[str]
    acting_body: Mapped[str]
    effective_on: Mapped[date]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PROPOSED)
    waits_for: Mapped[str | None] = mapped_column(default=None, index=True)
    decided_by: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    refused_because: Mapped[str | None] = mapped_column(default=None)
    lapsed_because: Mapped[str | None] = mapped_column(default=None)

    def propose(self, *, brand: Brand, programme: Programme, today: date) -> None:
        """Lay the act before the office; it must be possible now, on a ground that the programme knows."""
        BRAND_LIFECYCLE.move(brand.state, self.action)
        if programme.title.ground(self.action, self.grounds) is None:
            raise GroundsUnknown(grounds=self.grounds)
        if self.effective_on > today:
            raise EffectiveInFuture(today=today.isoformat())
        if self.effective_on < brand.effective_on and brand.effective_on <= today:
            raise EffectiveBeforeTitle(effective_on=brand.effective_on.isoformat())
        self.record(LIFECYCLE.birth("propose"), reason=self.reason)
        self.waits_for = waits_for(Role.OFFICE)

    def approve(self, *, by: str, at: datetime) -> Ruling:
        """Approve it, by another person; returns what is to be done to the brand."""
        self._decide("approve", by=by, at=at)
        return Ruling(
            action=self.action,
            grounds=self.grounds,
            reason=self.reason,
            document_number=self.document_number,
            acting_body=self.acting_body,
            effective_on=self.effective_on,
            proposed_by=self.proposed_by,
            approved_by=by,
        )

    def refuse(self, *, by: str, reason: str, at: datetime) -> None:
        """Refuse it with a reason, by another person."""
        self.refused_because = reason
        self._decide("refuse", by=by, at=at, reason=reason)

    def follow(self, brand: Brand) -> None:
        """Lapse undecided when what has become of the brand does not allow it any more."""
        if self.action in BRAND_LIFECYCLE.allowed(brand.state):
            return
        move = LIFECYCLE.move(self.state, "lapse")
        self.lapsed_because, self.waits_for = f"brand_{brand.state}", None
        self.record(move, reason=self.lapsed_because)

    def _decide(self, action: str, *, by: str, at: datetime, reason: str | None = None) -> None:
        move = LIFECYCLE.move(self.state, action)
        if by == self.proposed_by:
            raise ApprovedByAnotherPerson
        self.decided_by, self.decided_at, self.waits_for = by, at, None
        self.record(move, reason=reason)
