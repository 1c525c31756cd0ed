"""One edition of an honour's rules: the definition as it was published, under its digest."""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.programmes.lifecycle import LIFECYCLE, State
from applications_service.tables import Stored
from common.contracts.applications import Names, ProgrammePublished
from common.programme import Programme
from common.programme.editions import read_edition
from common.storage.columns import EnumText, JsonText, UtcDateTime


class ProgrammeEdition(Stored):
    """The rules of an honour in force for the rounds that pin this edition."""

    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("honour", "edition"), UniqueConstraint("digest"))

    honour: Mapped[str]
    edition: Mapped[int]
    digest: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    definition: Mapped[dict[str, Any]] = mapped_column(JsonText)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.PUBLISHED)

    @cached_property
    def rules(self) -> Programme:
        """Return the definition with its rules."""
        return read_edition(self.digest, self.definition)

    def publish(self) -> None:
        """Tell everybody the whole definition."""
        self.record(
            LIFECYCLE.birth("publish"),
            ProgrammePublished(
                programme_id=self.id,
                honour=self.honour,
                edition=self.edition,
                digest=self.digest,
                names=Names(zh=self.name_zh, en=self.name_en),
                definition=self.definition,
            ),
        )
