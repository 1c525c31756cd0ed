"""The brand: a title held by one holder for one item, and everything that happened to it, on two clocks.

Invariant: a change row is written with every move and never changed; `effective_on` is when it counts, `recorded_at`
when we knew it. The state is what the last recorded change says.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.registry import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandWarned,
)
from common.contracts.review import ReviewCompleted
from common.programme.outcome import Act, Title
from common.search import search_text
from common.storage.columns import EnumText, UtcDateTime
from registry_service.brands.lifecycle import LIFECYCLE, State
from registry_service.brands.numbers import with_check
from registry_service.tables import Stored

TOLD_BY = {
    "warn": BrandWarned,
    "suspend": BrandSuspended,
    "reinstate": BrandReinstated,
    "revoke": BrandRevoked,
    "cancel": BrandCancelled,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was decided about a brand, by whom, on which document; two different persons proposed and approved."""

    action: Act
    grounds: str
    reason: str
    document_number: str
    acting_body: str
    effective_on: date
    proposed_by: str
    approved_by: str


class Serial(Stored):
    """The counter from which an honour's numbers of one year are taken; its row is the lock."""

    __tablename__ = "serials"

    last: Mapped[int] = mapped_column(default=0)

    def take(self) -> int:
        """Return the next serial."""
        self.last += 1
        return self.last


class Change(Stored):
    """One line of a brand's history."""

    __tablename__ = "brand_changes"

    brand_id: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    from_state: Mapped[State | None] = mapped_column(EnumText(State))
    to_state: Mapped[State] = mapped_column(EnumText(State))
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document_number: Mapped[str | None]
    acting_body: Mapped[str | None]
    grounds: Mapped[str | None]
    reason: Mapped[str | None]
    proposed_by: Mapped[str | None]
    approved_by: Mapped[str | None]


class Brand(Stored):
    """One title."""

    __tablename__ = "brands"
    __table_args__ = (UniqueConstraint("number"), UniqueConstraint("review_id"))

    number: Mapped[str]
    honour: Mapped[str] = mapped_column(index=True)
    year: Mapped[int]
    uscc: Mapped[str] = mapped_column(index=True)
    holder_name: Mapped[str]
    item: Mapped[str]
    division: Mapped[str]
    application_id: Mapped[str]
    review_id: Mapped[str]
    programme_digest: Mapped[str]
    document_number: Mapped[str]
    effective_on: Mapped[date]
    valid_until: Mapped[date | None]
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    search: Mapped[str]
    state: Mapped[State] = mapped_column(EnumText(State), index=True)
    grounds: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def registered(
        cls, event: ReviewCompleted, *, brand_id: str, title: Title, serial: int, today: date, at: datetime
    ) -> "Brand":
        """Enter a recognised title; it is pending until its effective date."""
        granted = event.registration
        if granted is None:
            raise ValueError("a recognised review names what is to be registered")
        brand_number = with_check(title.number(year=granted.year, serial=serial))
        pending = granted.effective_on > today
        brand = cls(
            id=brand_id,
            number=brand_number,
            honour=event.honour,
            year=granted.year,
            uscc=event.applicant,
            holder_name=event.applicant_name,
            item=granted.item,
            division=event.division,
            application_id=event.application_id,
            review_id=event.review_id,
            programme_digest=granted.programme_digest,
            document_number=granted.document_number,
            effective_on=granted.effective_on,
            valid_until=title.valid_until(granted.effective_on),
            registered_at=at,
            search=search_text(brand_number, event.applicant, event.applicant_name, granted.item),
            state=State.PENDING_EFFECT if pending else State.ACTIVE,
        )
        brand.record(
            LIFECYCLE.birth("enter_pending" if pending else "register"),
            BrandRegistered(
                **brand._about(brand.state),
                holder_name=brand.holder_name,
                item=brand.item,
                granted_on=granted.effective_on,
                effective_on=brand.effective_on,
                valid_until=brand.valid_until,
                document_number=brand.document_number,
                application_id=brand.application_id,
                division=brand.division,
            ),
        )
        return brand

    def follow(self, ruling: Ruling) -> None:
        """Do what was decided: warn, suspend, reinstate, revoke or cancel."""
        move = LIFECYCLE.move(self.state, ruling.action)
        self.grounds = ruling.grounds
        event = TOLD_BY[ruling.action](
            **self._about(State(move.target or self.state)),
            grounds=ruling.grounds,
            reason=ruling.reason,
            document_number=ruling.document_number,
            acting_body=ruling.acting_body,
            effective_on=ruling.effective_on,
        )
        self.record(move, event, reason=ruling.reason)

    def take_effect(self) -> None:
        """Come into force on the announced day."""
        self.record(LIFECYCLE.move(self.state, "take_effect"))

    def expire(self) -> date:
        """End because the validity has run out; returns the first day on which it is no longer valid."""
        if self.valid_until is None:
            raise ValueError("a title without end does not expire")
        move = LIFECYCLE.move(self.state, "expire")
        expired_on = self.valid_until + timedelta(days=1)
        self.record(move, BrandExpired(**self._about(State.EXPIRED), expired_on=expired_on))
        return expired_on

    def _about(self, state: State) -> dict[str, Any]:
        version = getattr(self, "version", None) or 0
        return {
            "brand_id": self.id,
            "number": self.number,
            "honour": self.honour,
            "year": self.year,
            "uscc": self.uscc,
            "state": state,
            "version_before": version,
            "version_after": version + 1,
        }
