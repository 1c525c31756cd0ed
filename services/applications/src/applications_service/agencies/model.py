"""An agency: an organisation with a part in the programmes, found by its code."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from applications_service.tables import Stored
from common.storage.columns import EnumText, UtcDateTime


class AgencyKind(StrEnum):
    """The part an agency plays."""

    COUNTY = "county"
    CITY = "city"
    RECOGNITION_BODY = "recognition_body"
    LEADING_GROUP_OFFICE = "leading_group_office"
    MEMBER_DEPARTMENT = "member_department"


class Agency(Stored):
    """One agency; its id is its code."""

    __tablename__ = "agencies"

    kind: Mapped[AgencyKind] = mapped_column(EnumText(AgencyKind))
    name: Mapped[str]
    division: Mapped[str] = mapped_column(index=True)
    parent: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def enter(self) -> None:
        """Take the agency into the register of agencies."""
        self.note("enter")
