"""The grounds of a registration, as their events established them; they never change.

Invariant: each row was believed on grounds of its own, so that a case that is announced is also on the confirmed
list.
"""

from datetime import date
from typing import Any, Self

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications.applications import ApplicationAccepted
from common.contracts.review.announcements import AnnouncedCase, AnnouncementPublished
from common.contracts.review.deliberations import ListConfirmed
from common.editions.model import LearnedRound
from common.programme import AppliedItem
from common.storage.columns import JsonText
from registry_service.tables import METADATA, Stored


class Round(LearnedRound):
    """A round, as this service stores it."""

    __tablename__ = "rounds"
    metadata = METADATA


class Acceptance(Stored):
    """An accepted application, by its id, with what its snapshot says of it."""

    __tablename__ = "acceptances"

    round_id: Mapped[str]
    honour: Mapped[str]
    edition: Mapped[int]
    programme_digest: Mapped[str]
    applicant_id: Mapped[str]
    applicant: Mapped[str]
    uscc: Mapped[str | None]
    applicant_name: Mapped[str]
    division: Mapped[str]
    item: Mapped[str]
    category: Mapped[str]
    scope: Mapped[str]
    trademark: Mapped[str | None]
    models: Mapped[list[str]] = mapped_column(JsonText)
    digest: Mapped[str]

    @classmethod
    def learned(
        cls, event: ApplicationAccepted, *, uscc: str | None, applicant_name: str, item: str, applied: AppliedItem
    ) -> Self:
        """Make the acceptance from its event, its snapshot, and the item for which its answers apply."""
        acceptance = cls(
            id=event.application_id,
            round_id=event.round_id,
            honour=event.honour,
            edition=event.edition,
            programme_digest=event.programme_digest,
            applicant_id=event.applicant_id,
            applicant=event.applicant,
            uscc=uscc,
            applicant_name=applicant_name,
            division=event.division,
            item=item,
            category=applied.category,
            scope=applied.scope,
            trademark=applied.trademark,
            models=list(applied.models),
            digest=event.digest,
        )
        acceptance.note("learn")
        return acceptance


class Confirmation(Stored):
    """A confirmed list, by the id of its deliberation."""

    __tablename__ = "confirmations"

    round_id: Mapped[str]
    honour: Mapped[str]
    list_digest: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)

    @classmethod
    def learned(cls, event: ListConfirmed) -> Self:
        """Make the confirmation from its event."""
        confirmation = cls(
            id=event.deliberation_id,
            round_id=event.round_id,
            honour=event.honour,
            list_digest=event.list_digest,
            items=[item.model_dump() for item in event.items],
        )
        confirmation.note("learn")
        return confirmation


class Announcement(Stored):
    """An announcement of a confirmed list, by its id; one list is announced once."""

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("deliberation_id"),)

    deliberation_id: Mapped[str]
    round_id: Mapped[str]
    honour: Mapped[str]
    year: Mapped[int]
    document_number: Mapped[str]
    effective_on: Mapped[date]

    @classmethod
    def learned(cls, event: AnnouncementPublished) -> Self:
        """Make the announcement from its event."""
        announcement = cls(
            id=event.announcement_id,
            deliberation_id=event.deliberation_id,
            round_id=event.round_id,
            honour=event.honour,
            year=event.year,
            document_number=event.document_number,
            effective_on=event.effective_on,
        )
        announcement.note("learn")
        return announcement


class Announced(Stored):
    """One case that an announcement names; `digest` is that of the snapshot, from the confirmed list."""

    __tablename__ = "announced"

    announcement_id: Mapped[str]
    application_id: Mapped[str]
    applicant_id: Mapped[str]
    applicant: Mapped[str]
    applicant_name: Mapped[str]
    item: Mapped[str]
    rank: Mapped[int]
    digest: Mapped[str]

    @classmethod
    def named(cls, announcement_id: str, case: AnnouncedCase, *, digest: str) -> Self:
        """Make the row of a case."""
        return cls(
            id=case_id(announcement_id, case.application_id),
            announcement_id=announcement_id,
            application_id=case.application_id,
            applicant_id=case.applicant_id,
            applicant=case.applicant,
            applicant_name=case.applicant_name,
            item=case.item,
            rank=case.rank,
            digest=digest,
        )


def case_id(announcement_id: str, application_id: str) -> str:
    """Return the id of an announced case."""
    return f"{announcement_id}/{application_id}"
