"""The contact of an organisation: personal data that only that organisation and the administrator see."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.storage.columns import UtcDateTime
from common.storage.finding.keys import key_of
from notifications_service.tables import Stored


class Contact(Stored):
    """One organisation's contact; its id is the USCC, the agency code, or the expert."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("org_key"),)

    name: Mapped[str]
    email: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    org_key: Mapped[str] = key_of("id")

    def name_person(self, *, name: str, email: str, at: datetime) -> None:
        """Make this person the contact, who receives all messages from now on, unless another was named later."""
        if at < self.changed_at:
            return
        self.name, self.email, self.changed_at = name, email, at
        self.note("name_contact")
