"""A code that may name an employer or a conflict although its check character is wrong; it never changes."""

from typing import Self

from common.contracts.applications.usccs import UsccExceptionAdmitted
from review_service.tables import Stored


class AdmittedCode(Stored):
    """One admitted code; its id is the code."""

    __tablename__ = "admitted_codes"

    @classmethod
    def learned(cls, event: UsccExceptionAdmitted) -> Self:
        """Return the code that the event admits."""
        admitted = cls(id=event.uscc)
        admitted.note("learn")
        return admitted
