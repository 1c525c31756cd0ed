"""A title as the registry's events describe it: stored at its registration, its state follows every later event."""

from datetime import date
from typing import Any, Self

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.registry.brands import BrandEvent, BrandRegistered, BrandRevoked, BrandState
from common.kernel.model import Aggregate
from common.storage.columns import EnumText, JsonText
from common.storage.finding.keys import key_of


class LearnedHolding(Aggregate):
    """One title, by the id of its brand; `barred_until` is the last day on which a revocation bars its holder."""

    __abstract__ = True

    number: Mapped[str]
    honour: Mapped[str]
    applicant_id: Mapped[str] = mapped_column(index=True)
    uscc: Mapped[str | None] = mapped_column(index=True)
    holder_name: Mapped[str]
    application_id: Mapped[str]
    category: Mapped[str]
    scope: Mapped[str]
    trademark: Mapped[str | None]
    models: Mapped[list[str]] = mapped_column(JsonText)
    valid_until: Mapped[date | None]
    state: Mapped[BrandState] = mapped_column(EnumText(BrandState))
    grounds: Mapped[str | None] = mapped_column(default=None)
    barred_until: Mapped[date | None] = mapped_column(default=None)
    trademark_key: Mapped[str | None] = key_of("trademark", index=True)

    @classmethod
    def learned(cls, event: BrandRegistered) -> Self:
        """Make the holding from the registration of its brand."""
        shared = ("number", "honour", "applicant_id", "uscc", "holder_name", "application_id")
        item = ("category", "scope", "trademark", "valid_until", "state")
        values: dict[str, Any] = {name: getattr(event, name) for name in (*shared, *item)}
        holding = cls(id=event.brand_id, models=list(event.models), **values)
        holding.note("learn")
        return holding

    def follow(self, event: BrandEvent) -> None:
        """Take over the state of the brand; a revocation brings the end of the bar, if it bars."""
        self.state = event.state
        if isinstance(event, BrandRevoked):
            self.grounds, self.barred_until = event.grounds, event.barred_until
        self.note("follow", reason=str(event.state))
