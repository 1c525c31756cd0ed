"""The brand: the title of one holder for one item, with its whole history on two clocks.

Invariant: every move adds one `Change`, which is stored with the brand and never changed; `effective_on` is the
day from which it counts, `recorded_at` the instant of its storing. The last change determines the brand's state.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, WriteOnlyMapped, foreign, mapped_column, relationship

from common.contracts.registry.brands import (
    BrandCancelled,
    BrandExpired,
    BrandRegistered,
    BrandReinstated,
    BrandRevoked,
    BrandSuspended,
    BrandTookEffect,
    BrandWarned,
)
from common.contracts.review.reviews import Registration, ReviewCompleted
from common.kernel.actor import SYSTEM
from common.kernel.event import Event
from common.kernel.lifecycle import Move
from common.programme.definition.award import Act, Title
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.finding.keys import Key, key_of
from common.storage.finding.search import search_text
from common.storage.kept import kept
from registry_service.register.brands.lifecycle import LIFECYCLE, State
from registry_service.register.brands.numbers import with_check
from registry_service.tables import Stored

EVENTS = {
    "warn": BrandWarned,
    "suspend": BrandSuspended,
    "reinstate": BrandReinstated,
    "revoke": BrandRevoked,
    "cancel": BrandCancelled,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A decision about a brand, with its document and the two different persons who proposed and approved it."""

    action: Act
    grounds: str
    reason: str
    document_number: str
    acting_body: str
    effective_on: date
    barred_until: date | None
    proposed_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The id and the instant of a move in the brand's history."""

    id: str
    at: datetime


class Change(Stored):
    """One line of a brand's history."""

    __tablename__ = "brand_changes"
    __table_args__ = ({"info": kept("The history of a title is shown to everybody: what was in force on which day.")},)
    PREFIX = "chg"

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
    """One title; `holder` is the code of the accounts that act for its holder, the USCC for all who have one."""

    __tablename__ = "brands"
    __table_args__ = (
        UniqueConstraint("number_key"),
        UniqueConstraint("application_id"),
        UniqueConstraint("review_id"),
    )
    PREFIX = "brd"
    MOVES = LIFECYCLE
    CASE_OF = "holder"

    number: Mapped[str]
    honour: Mapped[str] = mapped_column(Key(), index=True)
    year: Mapped[int]
    applicant_id: Mapped[str] = mapped_column(index=True)
    holder: Mapped[str]
    uscc: Mapped[str | None] = mapped_column(Key(), index=True)
    holder_name: Mapped[str]
    item: Mapped[str]
    category: Mapped[str]
    scope: Mapped[str]
    trademark: Mapped[str | None]
    models: Mapped[list[str]] = mapped_column(JsonText)
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
    barred_until: Mapped[date | None] = mapped_column(default=None)
    uscc_exception: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    number_key: Mapped[str] = key_of("number", dashes=False)
    history: WriteOnlyMapped[Change] = relationship(
        primaryjoin=lambda: Brand.id == foreign(Change.brand_id),
        cascade="save-update",
        passive_deletes=True,
        init=False,
    )

    @classmethod
    def registered(
        cls,
        event: ReviewCompleted,
        granted: Registration,
        *,
        brand_id: str,
        title: Title,
        serial: int,
        today: date,
        entry: Entry,
    ) -> "Brand":
        """Create the brand of a recognised title; it is pending until its effective date."""
        brand_number = with_check(title.number(year=granted.year, serial=serial))
        pending = granted.effective_on > today
        brand = cls(
            id=brand_id,
            number=brand_number,
            honour=event.honour,
            year=granted.year,
            applicant_id=event.applicant_id,
            holder=event.applicant,
            uscc=event.uscc,
            holder_name=event.applicant_name,
            item=granted.item,
            category=granted.category,
            scope=granted.scope,
            trademark=granted.trademark,
            models=list(granted.models),
            division=event.division,
            application_id=event.application_id,
            review_id=event.review_id,
            programme_digest=granted.programme_digest,
            document_number=granted.document_number,
            effective_on=granted.effective_on,
            valid_until=title.valid_until(granted.effective_on),
            registered_at=entry.at,
            search=search_text(brand_number, event.uscc or "", event.applicant_name, granted.item),
            state=State.PENDING_EFFECT if pending else State.ACTIVE,
            uscc_exception=event.uscc_exception.model_dump(mode="json") if event.uscc_exception else None,
        )
        brand._move(
            LIFECYCLE.birth("enter_pending" if pending else "register"),
            BrandRegistered(
                **brand._about(brand.state, entry),
                holder_name=brand.holder_name,
                item=brand.item,
                category=brand.category,
                scope=brand.scope,
                trademark=brand.trademark,
                models=granted.models,
                granted_on=granted.effective_on,
                effective_on=brand.effective_on,
                valid_until=brand.valid_until,
                document_number=brand.document_number,
                programme_digest=brand.programme_digest,
                division=brand.division,
                uscc_exception=event.uscc_exception,
            ),
            entry=entry,
            effective_on=brand.effective_on,
        )
        return brand

    def follow(self, ruling: Ruling, *, entry: Entry) -> Change:
        """Carry out the decision: warn, suspend, reinstate, revoke or cancel."""
        move = LIFECYCLE.move(self.state, ruling.action)
        self.grounds = ruling.grounds
        self.barred_until = ruling.barred_until
        kind = EVENTS[ruling.action]
        bar = {"barred_until": ruling.barred_until} if kind is BrandRevoked else {}
        event = kind(
            **self._about(State(move.target or self.state), entry),
            **bar,
            grounds=ruling.grounds,
            reason=ruling.reason,
            document_number=ruling.document_number,
            acting_body=ruling.acting_body,
            effective_on=ruling.effective_on,
        )
        return self._move(move, event, entry=entry, effective_on=ruling.effective_on, ruling=ruling)

    def take_effect(self, *, entry: Entry) -> Change:
        """Come into force on the announced day."""
        move = LIFECYCLE.move(self.state, "take_effect")
        event = BrandTookEffect(**self._about(State.ACTIVE, entry), effective_on=self.effective_on)
        return self._move(move, event, entry=entry, effective_on=self.effective_on)

    def expire(self, *, entry: Entry) -> Change:
        """End on the day after the last day of validity."""
        if self.valid_until is None:
            raise ValueError("a title without end does not expire")
        move = LIFECYCLE.move(self.state, "expire")
        expired_on = self.valid_until + timedelta(days=1)
        event = BrandExpired(**self._about(State.EXPIRED, entry), expired_on=expired_on)
        return self._move(move, event, entry=entry, effective_on=expired_on)

    def record(
        self,
        move: Move,
        event: Event | None = None,  # noqa: ARG002 -- the signature of the base class
        *,
        reason: str | None = None,  # noqa: ARG002 -- the signature of the base class
    ) -> None:
        """Refuse a move without a line of history; use `_move` instead."""
        raise TypeError(f"{move.action!r} needs its line of history: a brand moves by `_move`")

    def _move(
        self, move: Move, event: Event, *, entry: Entry, effective_on: date, ruling: Ruling | None = None
    ) -> Change:
        """Make the move and add its line of history, which is stored together with the brand."""
        birth = move.sources is None
        before = None if birth else self.state
        super().record(move, event, reason=ruling.reason if ruling else None)
        change = Change(
            id=entry.id,
            brand_id=self.id,
            action="register" if birth else move.action,
            from_state=before,
            to_state=self.state,
            effective_on=effective_on,
            recorded_at=entry.at,
            document_number=ruling.document_number if ruling else self.document_number,
            acting_body=ruling.acting_body if ruling else None,
            grounds=ruling.grounds if ruling else None,
            reason=ruling.reason if ruling else None,
            proposed_by=ruling.proposed_by if ruling else SYSTEM.sub,
            approved_by=ruling.approved_by if ruling else SYSTEM.sub,
        )
        self.history.add(change)
        return change

    def _about(self, state: State, entry: Entry) -> dict[str, Any]:
        version = getattr(self, "version", None) or 0
        return {
            "brand_id": self.id,
            "number": self.number,
            "honour": self.honour,
            "year": self.year,
            "applicant_id": self.applicant_id,
            "uscc": self.uscc,
            "application_id": self.application_id,
            "recorded_at": entry.at,
            "state": state,
            "version_before": version,
            "version_after": version + 1,
        }
