"""The announcement that makes a confirmed list effective: document number, effective date, the whole list."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.announcements import AnnouncedCase, AnnouncementPublished
from common.kernel.clock import legal_date
from common.kernel.values.times import YEARS_AHEAD, anniversary
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.finding.keys import Key, key_of
from review_service.decision.announcements.lifecycle import LIFECYCLE, State
from review_service.decision.announcements.refusals import EffectiveOutsideTerm
from review_service.tables import Stored


class Announcement(Stored):
    """One published document."""

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("document_number_key"), UniqueConstraint("deliberation_id"))
    PREFIX = "ann"
    MOVES = LIFECYCLE

    deliberation_id: Mapped[str]
    list_digest: Mapped[str]
    round_id: Mapped[str]
    honour: Mapped[str] = mapped_column(Key())
    year: Mapped[int]
    document_number: Mapped[str]
    effective_on: Mapped[date]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str]
    recognised_by: Mapped[dict[str, str]] = mapped_column(JsonText)
    confirmed_by: Mapped[dict[str, str]] = mapped_column(JsonText)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PUBLISHED)
    document_number_key: Mapped[str] = key_of("document_number")

    def publish(self, items: Sequence[AnnouncedCase]) -> None:
        """Publish the whole list to everybody.

        Raises EffectiveOutsideTerm unless it takes effect on the day of its publication or in the two years after it.
        """
        first = legal_date(self.published_at)
        last = anniversary(first, YEARS_AHEAD)
        if not first <= self.effective_on <= last:
            raise EffectiveOutsideTerm(first_on=first, last_on=last)
        self.items = [item.model_dump() for item in items]
        self.record(
            LIFECYCLE.birth("publish"),
            AnnouncementPublished(
                announcement_id=self.id,
                deliberation_id=self.deliberation_id,
                list_digest=self.list_digest,
                round_id=self.round_id,
                honour=self.honour,
                year=self.year,
                document_number=self.document_number,
                effective_on=self.effective_on,
                items=tuple(items),
            ),
        )
