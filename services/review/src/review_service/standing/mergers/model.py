"""An applicant that was merged into another, as the applications service has recorded it; it never changes."""

from typing import Self

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications.applicants import ApplicantMerged
from review_service.tables import Stored


class Merger(Stored):
    """One merger; its id is that of the applicant that ended."""

    __tablename__ = "mergers"

    uscc: Mapped[str | None]
    into_id: Mapped[str] = mapped_column(index=True)

    @classmethod
    def learned(cls, event: ApplicantMerged) -> Self:
        """Return the merger that the event reports."""
        merger = cls(id=event.applicant_id, uscc=event.uscc, into_id=event.into_id)
        merger.note("learn")
        return merger
