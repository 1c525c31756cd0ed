"""An expert: a person who may be drawn. His name and ties leave this service never."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from common.storage.columns import JsonText
from review_service.tables import Stored


class Expert(Stored):
    """One person of the pool; `sub` is whom his token names."""

    __tablename__ = "experts"
    __table_args__ = (UniqueConstraint("sub"),)

    sub: Mapped[str]
    name: Mapped[str]
    employer: Mapped[str]
    division: Mapped[str]
    specialities: Mapped[list[str]] = mapped_column(JsonText)
    conflicts: Mapped[list[str]] = mapped_column(JsonText)

    def enter(self) -> None:
        """Take the person into the pool."""
        self.note("enter")
