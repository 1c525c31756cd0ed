"""The announcement that makes a confirmed list effective: document number, effective date, the whole list."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review import AnnouncedCase, AnnouncementPublished
from common.storage.columns import EnumText, JsonText, UtcDateTime
from review_service.announcements.lifecycle import LIFECYCLE, State
from review_service.tables import Stored


class Announcement(Stored):
    """One published document."""

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("document_number"), UniqueConstraint("deliberation_id"))

    deliberation_id: Mapped[str]
    round_id: Mapped[str]
    honour: Mapped[str]
    year: Mapped[int]
    document_number: Mapped[str]
    effective_on: Mapped[date]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PUBLISHED)

    def publish(self, items: Sequence[AnnouncedCase]) -> None:
        """Tell everybody the whole list."""
        self.items = [item.model_dump() for item in items]
        self.record(
            LIFECYCLE.birth("publish"),
            AnnouncementPublished(
                announcement_id=self.id,
                round_id=self.round_id,
                honour=self.honour,
                year=self.year,
                document_number=self.document_number,
                effective_on=self.effective_on,
                items=tuple(items),
            ),
        )
