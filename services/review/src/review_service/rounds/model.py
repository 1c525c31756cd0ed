"""What the review knows of a round and of its rules; both were told by events and never change here."""

from functools import cached_property
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications import ProgrammePublished, RoundOpened
from common.programme import Programme
from common.storage.columns import JsonText
from review_service.tables import Stored


class Rules(Stored):
    """A programme's edition; its id is the definition's digest."""

    __tablename__ = "rules"

    honour: Mapped[str]
    edition: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JsonText)

    @classmethod
    def learned(cls, event: ProgrammePublished) -> "Rules":
        """Keep what was published."""
        rules = cls(id=event.digest, honour=event.honour, edition=event.edition, definition=event.definition)
        rules.note("learn")
        return rules

    @cached_property
    def programme(self) -> Programme:
        """Return the definition with its rules."""
        return Programme.from_definition(self.definition)


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
