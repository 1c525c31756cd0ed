"""An agency: an organisation with a part in the programmes, found by its code."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from applications_service.rules.agencies.refusals import AgencyLevelUnfit
from applications_service.tables import Stored
from common.codes.division_table import check_division
from common.codes.divisions import Level, level
from common.kernel.clock import legal_date
from common.storage.columns import EnumText, UtcDateTime
from common.storage.finding.keys import key_of


class AgencyKind(StrEnum):
    """The role of an agency in the programmes."""

    COUNTY = "county"
    CITY = "city"
    RECOGNITION_BODY = "recognition_body"
    LEADING_GROUP_OFFICE = "leading_group_office"
    MEMBER_DEPARTMENT = "member_department"


LEVELS: Final = {AgencyKind.COUNTY: Level.COUNTY, AgencyKind.CITY: Level.CITY}
"""The level of an agency's division by its kind; any other kind acts for the province."""


class Agency(Stored):
    """One agency; its id is its code."""

    __tablename__ = "agencies"
    __table_args__ = (UniqueConstraint("code_key"),)

    kind: Mapped[AgencyKind] = mapped_column(EnumText(AgencyKind))
    name: Mapped[str]
    division: Mapped[str] = mapped_column(index=True)
    parent: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    code_key: Mapped[str] = key_of("id")

    def enter(self) -> None:
        """Record that the agency was added. Raises DivisionUnknown for a code that is not in use, AgencyLevelUnfit."""
        self._check_division(on=legal_date(self.created_at))
        self.note("enter")

    def correct(self, *, name: str, division: str, parent: str | None, reason: str, on: date) -> None:
        """Correct what was entered wrongly; code and kind stay. Raises as `enter`."""
        self.name, self.division, self.parent = name, division, parent
        self._check_division(on=on)
        self.note("correct", reason=reason)

    def _check_division(self, *, on: date) -> None:
        check_division(self.division, on=on)
        wanted = LEVELS.get(self.kind, Level.PROVINCE)
        if level(self.division) is not wanted:
            raise AgencyLevelUnfit(kind=self.kind, level=wanted)
