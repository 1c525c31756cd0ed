"""The decision of one stage of the recommendation chain about an application; it never changes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.tables import Stored
from common.contracts.applications.applications import ChainStage
from common.storage.columns import EnumText, UtcDateTime
from common.storage.kept import kept


class Verdict(StrEnum):
    """The decision of a stage of the chain."""

    RECOMMENDED = "recommended"
    RETURNED = "returned"
    HANDED_BACK = "handed_back"
    MOVED = "moved"


class Recommendation(Stored):
    """One decision at one stage of the chain."""

    __tablename__ = "recommendations"
    __table_args__ = (
        Index("ix_recommendations_of_agency", "round_id", "agency"),
        {"info": kept("A stage of the chain decides once; its decision never changes.")},
    )
    PREFIX = "rec"

    application_id: Mapped[str] = mapped_column(index=True)
    round_id: Mapped[str]
    agency: Mapped[str]
    chain_stage: Mapped[ChainStage] = mapped_column(EnumText(ChainStage))
    verdict: Mapped[Verdict] = mapped_column(EnumText(Verdict))
    opinion: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def enter(self) -> None:
        """Record the decision."""
        self.note(self.verdict, reason=self.opinion)
