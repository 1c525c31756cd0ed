"""A draw: its seed, its size and its protocol, stored so that the draw can be repeated.

Later changes of a panel are no part of it: each sheet names the one that it replaces.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.storage.columns import JsonText, UtcDateTime
from common.storage.kept import kept
from review_service.tables import Stored


class Draw(Stored):
    """One draw for all cases of a round that waited for a panel."""

    __tablename__ = "draws"
    __table_args__ = ({"info": kept("A draw of experts must be repeatable from its seed and its protocol.")},)
    PREFIX = "drw"

    round_id: Mapped[str] = mapped_column(index=True)
    seed: Mapped[str]
    panel_size: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str]
    agency: Mapped[str]
    """The recognition body that drew: it is reminded of what waits on its desk."""
    panels: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)

    def enter(self) -> None:
        """Record the draw with its protocol."""
        self.note("draw")
