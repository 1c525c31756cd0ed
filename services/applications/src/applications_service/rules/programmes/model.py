"""One edition of an honour's rules: the definition as it was proposed and published, under its digest."""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.rules.programmes.lifecycle import LIFECYCLE, State
from applications_service.tables import Stored
from common.contracts.applications.programmes import Names, ProgrammePublished
from common.kernel.actor import Actor
from common.programme import Programme
from common.programme.cache import read_edition
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.finding.keys import Key


class ProgrammeEdition(Stored):
    """The rules of an honour that apply to the rounds opened under this edition."""

    __tablename__ = "programmes"
    __table_args__ = (
        UniqueConstraint("honour", "edition"),
        UniqueConstraint("digest"),
        UniqueConstraint("first_numbered_by"),
    )
    PREFIX = "prg"
    MOVES = LIFECYCLE

    honour: Mapped[str] = mapped_column(Key())
    digest: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    definition: Mapped[dict[str, Any]] = mapped_column(JsonText)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[str]
    first_numbered_by: Mapped[str | None] = mapped_column(Key(dashes=False), default=None)
    """The pattern of the brand numbers, in the first edition that has it: no other honour can have it then."""
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PROPOSED)
    edition: Mapped[int | None] = mapped_column(default=None)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    @property
    def number(self) -> int:
        """Return the number of a published edition; a proposal has none, which is an error of the caller."""
        if self.edition is None:
            raise ValueError("a proposed edition has no number")
        return self.edition

    @cached_property
    def rules(self) -> Programme:
        """Return the definition with its rules."""
        return read_edition(self.digest, self.definition)

    def propose(self) -> None:
        """Propose the edition; it has no number and binds nobody yet."""
        self.record(LIFECYCLE.birth("propose"))

    def publish(self, *, edition: int, by: Actor, at: datetime) -> None:
        """Publish the whole definition to everybody, under its number. Raises PublishedByAnotherPerson."""
        move = LIFECYCLE.check(self, "publish", by)
        self.edition, self.published_at = edition, at
        self.record(
            move,
            ProgrammePublished(
                programme_id=self.id,
                honour=self.honour,
                edition=edition,
                digest=self.digest,
                names=Names(zh=self.name_zh, en=self.name_en),
                definition=self.definition,
            ),
        )
