"""The public notice of a list, with the legal day on which it ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.notices import NoticeItem, NoticePublished
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.finding.keys import Key
from review_service.decision.notices.lifecycle import LIFECYCLE, State
from review_service.decision.notices.refusals import NoticeClosed, NoticeStillOpen
from review_service.tables import Stored


class Notice(Stored):
    """One notice in the programme's words, with how to object; `closes_on` is its last day, in Asia/Shanghai.

    `counting` says how that day was counted; `agency` is the recognition body that published it.
    """

    __tablename__ = "notices"
    PREFIX = "ntc"
    MOVES = LIFECYCLE

    ranking_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str]
    honour: Mapped[str] = mapped_column(Key())
    year: Mapped[int]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    estimated: Mapped[bool]
    counting: Mapped[dict[str, Any]] = mapped_column(JsonText)
    agency: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    supplementary: Mapped[bool]
    text: Mapped[dict[str, str]] = mapped_column(JsonText)
    objecting: Mapped[dict[str, str]] = mapped_column(JsonText)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default_factory=list)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PUBLISHED)

    def publish(self, items: Sequence[NoticeItem]) -> None:
        """Show the list to the public."""
        self.items = [item.model_dump() for item in items]
        self.record(
            LIFECYCLE.birth("publish"),
            NoticePublished(
                notice_id=self.id,
                round_id=self.round_id,
                honour=self.honour,
                year=self.year,
                opens_on=self.opens_on,
                closes_on=self.closes_on,
                estimated=self.estimated,
                supplementary=self.supplementary,
                items=tuple(items),
            ),
        )

    def check_open(self, today: date) -> None:
        """Raise NoticeClosed after the last day."""
        if today > self.closes_on:
            raise NoticeClosed(closes_on=self.closes_on.isoformat())

    def check_closed(self, today: date) -> None:
        """Raise NoticeStillOpen until the last day is over."""
        if today <= self.closes_on:
            raise NoticeStillOpen(closes_on=self.closes_on.isoformat())
