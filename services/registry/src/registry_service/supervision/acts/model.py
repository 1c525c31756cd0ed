"""An act on a brand: grounds, reason and document, proposed by one person and decided by another."""

from datetime import date, datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from common.kernel.actor import Actor, Role
from common.kernel.clock import legal_date
from common.kernel.worklist import waits_for
from common.programme import Programme
from common.programme.definition.award import Act as ActKind
from common.storage.columns import EnumText, UtcDateTime
from common.storage.finding.keys import key_of
from registry_service.register.brands.lifecycle import LIFECYCLE as BRAND_LIFECYCLE
from registry_service.register.brands.model import Brand, Ruling
from registry_service.supervision.acts.lifecycle import LIFECYCLE, State
from registry_service.supervision.acts.refusals import (
    EffectiveBeforeTitle,
    EffectiveInFuture,
    GroundsUnknown,
)
from registry_service.tables import Stored


class Act(Stored):
    """One proposal; `action` is the brand's move."""

    __tablename__ = "acts"
    PREFIX = "act"
    MOVES = LIFECYCLE

    number: Mapped[str]
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
    barred_until: Mapped[date | None] = mapped_column(default=None)
    number_key: Mapped[str] = key_of("number", dashes=False, index=True)

    def propose(self, *, brand: Brand, programme: Programme, today: date) -> None:
        """Submit the act to the office; the brand's state must allow the act, and the programme its ground.

        The ground says how long the holder is barred, so that the person who approves the act sees it.
        """
        BRAND_LIFECYCLE.move(brand.state, self.action)
        ground = programme.title.ground(self.action, self.grounds)
        if ground is None:
            raise GroundsUnknown(grounds=self.grounds)
        if self.effective_on > today:
            raise EffectiveInFuture(today=today.isoformat())
        # A title may end before it takes effect, yet not before it was registered.
        earliest = brand.effective_on if brand.effective_on <= today else legal_date(brand.registered_at)
        if self.effective_on < earliest:
            raise EffectiveBeforeTitle(effective_on=earliest.isoformat())
        self.barred_until = ground.barred_until(self.effective_on)
        self.record(LIFECYCLE.birth("propose"), reason=self.reason)
        self.waits_for = waits_for(Role.OFFICE)

    def approve(self, *, by: Actor, at: datetime) -> Ruling:
        """Approve it, by another person; returns the ruling that the brand has to follow."""
        self._decide("approve", by=by, at=at)
        return Ruling(
            action=self.action,
            grounds=self.grounds,
            reason=self.reason,
            document_number=self.document_number,
            acting_body=self.acting_body,
            effective_on=self.effective_on,
            barred_until=self.barred_until,
            proposed_by=self.proposed_by,
            approved_by=by.sub,
        )

    def refuse(self, *, by: Actor, reason: str, at: datetime) -> None:
        """Refuse it with a reason, by another person."""
        self._decide("refuse", by=by, at=at, reason=reason)
        self.refused_because = reason

    def follow(self, brand: Brand) -> None:
        """Lapse when the brand's new state does not allow the act any more."""
        if self.action in BRAND_LIFECYCLE.allowed(brand.state):
            return
        move = LIFECYCLE.move(self.state, "lapse")
        self.lapsed_because, self.waits_for = f"brand_{brand.state}", None
        self.record(move, reason=self.lapsed_because)

    def _decide(self, action: str, *, by: Actor, at: datetime, reason: str | None = None) -> None:
        move = LIFECYCLE.check(self, action, by)
        self.decided_by, self.decided_at, self.waits_for = by.sub, at, None
        self.record(move, reason=reason)
