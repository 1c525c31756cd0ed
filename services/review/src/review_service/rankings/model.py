"""The ranked list of a round, cut at the quota; `seed` and `items` let anybody recompute it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review import RankedCase, ShortlistProposed
from common.storage.columns import EnumText, JsonText, UtcDateTime
from review_service.rankings.lifecycle import LIFECYCLE, State
from review_service.tables import Stored


class Ranking(Stored):
    """One round's list."""

    __tablename__ = "rankings"
    __table_args__ = (UniqueConstraint("round_id"),)

    round_id: Mapped[str]
    honour: Mapped[str]
    year: Mapped[int]
    quota: Mapped[int]
    seed: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[str]
    recognition_body: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PROPOSED)

    def propose(self, cases: Sequence[RankedCase]) -> None:
        """Propose the list; the quota has been kept by the ranking."""
        self.record(
            LIFECYCLE.birth("propose"),
            ShortlistProposed(
                ranking_id=self.id, round_id=self.round_id, honour=self.honour, quota=self.quota, items=tuple(cases)
            ),
        )

    def go(self, action: str) -> None:
        """Follow what notice, deliberation and announcement decide about the list."""
        self.record(LIFECYCLE.move(self.state, action))
