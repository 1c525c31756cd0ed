"""Which organisations are told about a case: its applicant and those who recommended it."""

from typing import Self

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications import ApplicationAccepted
from common.storage.columns import JsonText
from notifications_service.tables import Stored


class Parties(Stored):
    """The organisations of one application, by its id; `brand_id` is known once the brand is registered."""

    __tablename__ = "parties"

    applicant: Mapped[str]
    recommenders: Mapped[list[str]] = mapped_column(JsonText)
    brand_id: Mapped[str | None] = mapped_column(default=None, index=True)

    @classmethod
    def of(cls, event: ApplicationAccepted) -> Self:
        """Keep who takes part in an accepted application."""
        parties = cls(id=event.application_id, applicant=event.applicant, recommenders=list(event.recommenders))
        parties.note("learn")
        return parties

    def bind(self, brand_id: str) -> None:
        """Remember which brand came of the application."""
        self.brand_id = brand_id
        self.note("bind")

    @property
    def everyone(self) -> list[str]:
        """Return the applicant and every recommender, each once."""
        return list(dict.fromkeys([self.applicant, *self.recommenders]))
