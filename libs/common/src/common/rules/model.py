"""One edition of a programme, as a service learned it; it is kept whole and never changes."""

from functools import cached_property
from typing import Any, Self

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications import ProgrammePublished
from common.model import Aggregate
from common.programme import Programme
from common.programme.editions import read_edition
from common.storage.columns import JsonText


class LearnedRules(Aggregate):
    """One edition as it was published; its id is the definition's digest, and it never changes."""

    __abstract__ = True

    honour: Mapped[str]
    edition: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JsonText)

    @classmethod
    def learned(cls, event: ProgrammePublished) -> Self:
        """Keep what was published."""
        rules = cls(id=event.digest, honour=event.honour, edition=event.edition, definition=event.definition)
        rules.note("learn")
        return rules

    @cached_property
    def programme(self) -> Programme:
        """Return the definition with its rules."""
        return read_edition(self.id, self.definition)


def awaited(digest: str) -> str:
    """Name what a case waits for until the edition with this digest has arrived."""
    return f"programme:{digest}"
