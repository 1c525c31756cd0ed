"""What one recommender decided about one application: kept for good, never changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from applications_service.tables import Stored
from common.storage.columns import EnumText, UtcDateTime


class Verdict(StrEnum):
    """What a recommender decided."""

    RECOMMENDED = "recommended"
    RETURNED = "returned"


class Recommendation(Stored):
    """One decision at one level."""

    __tablename__ = "recommendations"

    application_id: Mapped[str] = mapped_column(index=True)
    agency: Mapped[str]
    level: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(EnumText(Verdict))
    opinion: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def enter(self) -> None:
        """Keep the decision."""
        self.note(self.verdict, reason=self.opinion)
