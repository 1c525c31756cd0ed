"""Desk and term: where a row waits, for whom, and until which day; one call sets both.

`waits_for` is the desk (kernel/worklist.py). The job of `terms.py` reminds once and has the term pass once.
"""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from common.kernel.model import Aggregate
from common.kernel.worklist import Term
from common.storage.columns import UtcDateTime


class OnDesk(Aggregate):
    """An aggregate that waits on somebody's desk, in some states within a term."""

    __abstract__ = True

    waits_for: Mapped[str | None] = mapped_column(index=True, default=None, init=False)
    clock: Mapped[str | None] = mapped_column(default=None, init=False)
    due_on: Mapped[date | None] = mapped_column(index=True, default=None, init=False)
    remind_on: Mapped[date | None] = mapped_column(index=True, default=None, init=False)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, init=False)
    overdue_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, init=False)

    def wait(self, desk: str | None, term: Term | None = None) -> None:
        """Put it on a desk, with the term that runs there; no desk and no term: nobody has to act."""
        self.waits_for = desk
        self.clock = term.clock if term else None
        self.due_on = term.due_on if term else None
        self.remind_on = term.remind_on if term else None
        self.reminded_at = self.overdue_at = None

    def pass_on(self, desk: str) -> None:
        """Put it on another desk after its term has passed; the term that passed stays shown."""
        self.waits_for = desk
