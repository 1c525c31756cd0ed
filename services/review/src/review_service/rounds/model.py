"""What the review knows of a round and of its rules; both were told by events and never change here."""

from sqlalchemy.orm import Mapped

from common.contracts.applications import RoundOpened
from common.rules.model import LearnedRules
from review_service.tables import METADATA, Stored


class Rules(LearnedRules):
    """A programme's edition, as this service keeps it."""

    __tablename__ = "rules"
    metadata = METADATA


class Round(Stored):
    """A round; its row is the lock under which places are given."""

    __tablename__ = "rounds"

    honour: Mapped[str]
    year: Mapped[int]
    programme_digest: Mapped[str]

    @classmethod
    def learned(cls, event: RoundOpened) -> "Round":
        """Keep what was opened."""
        round_ = cls(id=event.round_id, honour=event.honour, year=event.year, programme_digest=event.programme_digest)
        round_.note("learn")
        return round_
