"""Whom an organisation wants to be written to: personal, and seen by that organisation only."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from common.storage.columns import UtcDateTime
from notifications_service.tables import Stored


class Contact(Stored):
    """One organisation's contact; its id is the USCC or agency code."""

    __tablename__ = "contacts"

    name: Mapped[str]
    email: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def name_person(self, *, name: str, email: str, at: datetime) -> None:
        """Write to this person from now on."""
        self.name, self.email, self.changed_at = name, email, at
        self.note("name_contact")
