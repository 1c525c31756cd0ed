"""A code that an officer admitted: its form is right, its check character is not, and it was really given.

Some were given in one city before 2016. Nobody else's typing error may pass, so each code is admitted by itself.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from applications_service.intake.exceptions.lifecycle import LIFECYCLE, State
from applications_service.intake.exceptions.refusals import UsccNeedsNoException
from applications_service.tables import Stored
from common.codes import uscc
from common.contracts.applications.usccs import UsccExceptionAdmitted
from common.storage.columns import EnumText, UtcDateTime
from common.storage.finding.keys import Key


class AdmittedCode(Stored):
    """One admitted code; its id is the code."""

    __tablename__ = "uscc_exceptions"
    MOVES = LIFECYCLE

    id: Mapped[str] = mapped_column(Key(), primary_key=True)
    reason: Mapped[str]
    agency: Mapped[str]
    admitted_by: Mapped[str]
    admitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.ADMITTED)

    def admit(self) -> None:
        """Admit the code. Raises UsccNeedsNoException for one that is right anyway."""
        if uscc.is_valid(self.id):
            raise UsccNeedsNoException
        event = UsccExceptionAdmitted(
            uscc=self.id, reason=self.reason, agency=self.agency, admitted_at=self.admitted_at
        )
        self.record(LIFECYCLE.birth("admit"), event, reason=self.reason)

    @property
    def mark(self) -> dict[str, Any]:
        """Return the mark that everything under this code carries, see contracts/applications/usccs.py."""
        return {"reason": self.reason, "agency": self.agency, "admitted_at": self.admitted_at.isoformat()}
