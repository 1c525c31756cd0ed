"""The organisations that are notified about a case: its applicant and, from acceptance on, its recommenders."""

from typing import Self

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.applications.applications import ApplicationSubmitted
from common.contracts.review.reviews import Outcome
from common.storage.columns import EnumText, JsonText
from notifications_service.tables import Stored


class Parties(Stored):
    """The organisations of one application, by its id.

    `recommenders` are known once it is accepted, `outcome` once its review has ended, `brand_id` once it is registered.
    """

    __tablename__ = "parties"

    round_id: Mapped[str]
    honour: Mapped[str]
    applicant_id: Mapped[str]
    applicant: Mapped[str]
    division: Mapped[str]
    recommenders: Mapped[list[str] | None] = mapped_column(JsonText, default=None)
    outcome: Mapped[Outcome | None] = mapped_column(EnumText(Outcome), default=None)
    brand_id: Mapped[str | None] = mapped_column(default=None, index=True)

    @classmethod
    def of(cls, event: ApplicationSubmitted) -> Self:
        """Create the row of an application when it is submitted for the first time."""
        parties = cls(
            id=event.application_id,
            round_id=event.round_id,
            honour=event.honour,
            applicant_id=event.applicant_id,
            applicant=event.applicant,
            division=event.division,
        )
        parties.note("learn")
        return parties

    def move(self, division: str) -> None:
        """Follow the application to another division, if it is another one."""
        if division != self.division:
            self.division = division
            self.note("move")

    def join(self, recommenders: tuple[str, ...]) -> None:
        """Store the recommenders of the application, which has been accepted."""
        self.recommenders = list(recommenders)
        self.note("join")

    def conclude(self, outcome: Outcome) -> None:
        """Store the outcome of the review."""
        self.outcome = outcome
        self.note("conclude")

    def bind(self, brand_id: str) -> None:
        """Store the id of the brand that was registered from the application."""
        self.brand_id = brand_id
        self.note("bind")

    @property
    def named(self) -> tuple[str, ...] | None:
        """Return the recommenders as an event names them, None before the acceptance."""
        return None if self.recommenders is None else tuple(self.recommenders)

    @property
    def everyone(self) -> list[str]:
        """Return the applicant and every recommender, each once."""
        return list(dict.fromkeys([self.applicant, *(self.recommenders or [])]))
