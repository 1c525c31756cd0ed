"""A draw: its seed, its size and its protocol, kept so that it can be repeated."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.storage.columns import JsonText, UtcDateTime
from review_service.tables import Stored


class Draw(Stored):
    """One draw for all cases of a round that waited for a panel."""

    __tablename__ = "draws"

    round_id: Mapped[str] = mapped_column(index=True)
    seed: Mapped[str]
    panel_size: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str]
    panels: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)

    def enter(self) -> None:
        """Keep the protocol."""
        self.note("draw")
