"""Desk and term: where a row waits, for whom, and until which day; one call sets both.

`waits_for` is the desk (kernel/worklist.py). The job of `terms.py` reminds once and has the term pass once.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.codes.calendar import Counting, WorkingCalendar
from common.kernel.model import Aggregate
from common.kernel.worklist import Term
from common.storage.columns import JsonText, UtcDateTime


class OnDesk(Aggregate):
    """An aggregate that waits on somebody's desk, in some states within a term."""

    __abstract__ = True

    waits_for: Mapped[str | None] = mapped_column(index=True, default=None, init=False)
    clock: Mapped[str | None] = mapped_column(default=None, init=False)
    due_on: Mapped[date | None] = mapped_column(index=True, default=None, init=False)
    counting: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None, init=False)
    remind_on: Mapped[date | None] = mapped_column(index=True, default=None, init=False)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, init=False)
    overdue_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None, init=False)

    def wait(self, desk: str | None, term: Term | None = None) -> None:
        """Put it on a desk, with the term that runs there; no desk and no term: nobody has to act."""
        self.waits_for = desk
        self.clock = term.clock if term else None
        self.due_on = term.due_on if term else None
        self.counting = term.counting if term else None
        self.remind_on = term.remind_on if term else None
        self.reminded_at = self.overdue_at = None

    def pass_on(self, desk: str) -> None:
        """Put it on another desk after its term has passed; the term that passed stays shown."""
        self.waits_for = desk

    def move_deadline(self, calendar: WorkingCalendar, *, today: date) -> bool:
        """Count the running term again by an amended calendar; returns whether it ends later now.

        A term that was given never becomes shorter. The one who has it is reminded of the new end.
        """
        if self.counting is None or self.due_on is None or self.overdue_at is not None:
            return False
        known = Counting.read(self.counting)
        deadline = calendar.after(known.began_on, days=known.days, kind=known.kind)
        if deadline.on <= self.due_on:
            return False
        if self.remind_on is not None:
            self.remind_on += deadline.on - self.due_on
            self.reminded_at = self.reminded_at if self.remind_on <= today else None
        self.due_on, self.counting = deadline.on, deadline.counting.as_json()
        return True
