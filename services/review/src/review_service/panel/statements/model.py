"""A signed statement; it never changes, and names the edition whose text was signed."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.storage.columns import UtcDateTime
from common.storage.kept import kept
from review_service.tables import Stored


class Statement(Stored):
    """What one expert signed for one round."""

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("round_id", "expert_sub"),
        {"info": kept("What an expert signed is proved as long as his scores are.")},
    )
    PREFIX = "stm"

    round_id: Mapped[str]
    expert_sub: Mapped[str] = mapped_column(index=True)
    programme_digest: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def sign(self) -> None:
        """Record the signature."""
        self.note("sign")
