"""An edition of a programme, and a round under it, as a service received them: stored completely, never changed."""

from functools import cached_property
from typing import Any, Self

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications.programmes import ProgrammePublished
from common.contracts.applications.rounds import RoundOpened
from common.kernel.model import Aggregate
from common.programme import Programme
from common.programme.cache import read_edition
from common.storage.columns import JsonText


class LearnedRules(Aggregate):
    """One edition as it was published; its id is the definition's digest, and it never changes."""

    __abstract__ = True

    honour: Mapped[str]
    edition: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JsonText)

    @classmethod
    def learned(cls, event: ProgrammePublished) -> Self:
        """Make the edition from the event that published it."""
        rules = cls(id=event.digest, honour=event.honour, edition=event.edition, definition=event.definition)
        rules.note("learn")
        return rules

    @cached_property
    def programme(self) -> Programme:
        """Return the definition parsed, with methods that apply its rules."""
        return read_edition(self.id, self.definition)


class LearnedRound(Aggregate):
    """A round, which pins the edition that its cases keep."""

    __abstract__ = True

    honour: Mapped[str]
    year: Mapped[int]
    edition: Mapped[int]
    programme_digest: Mapped[str]

    @classmethod
    def learned(cls, event: RoundOpened) -> Self:
        """Make the round from the event that opened it."""
        round_ = cls(
            id=event.round_id,
            honour=event.honour,
            year=event.year,
            edition=event.edition,
            programme_digest=event.programme_digest,
        )
        round_.note("learn")
        return round_


def round_awaited(round_id: str) -> str:
    """Return the name under which a case waits until its round is known."""
    return f"round:{round_id}"


def awaited(digest: str) -> str:
    """Return the name under which a case waits for the edition with this digest."""
    return f"programme:{digest}"
