"""An applicant: the organisation behind applications, registered once by its own USCC."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.applicants.refusals import PlaceTooWide
from applications_service.tables import Stored
from common.contracts.applications import Contact
from common.divisions import Level, reaches
from common.storage.columns import JsonText, UtcDateTime


class Applicant(Stored):
    """One organisation; `contact` is personal and leaves the service only on the internal topic."""

    __tablename__ = "applicants"
    __table_args__ = (UniqueConstraint("uscc"),)

    uscc: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    division: Mapped[str]
    contact: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def reachable_at(self) -> Contact:
        """Return whom to write to."""
        return Contact.model_validate(self.contact)

    def register(self) -> None:
        """Enter the organisation at the county or city that will recommend it. Raises PlaceTooWide."""
        if not reaches(self.division, Level.CITY):
            raise PlaceTooWide
        self.note("register")

    def change_contact(self, contact: Contact) -> None:
        """Name another person to write to; applications handed in later carry him."""
        self.contact = contact.model_dump()
        self.note("change_contact")
