"""A reminder: who has a sheet or an objection on his desk is reminded of the last day, or that it has passed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from common.contracts.review.reminders import DeskReminded, Reminded
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.kept import kept
from review_service.cases.desk_reminders.lifecycle import LIFECYCLE, State
from review_service.tables import Stored


class DeskReminder(Stored):
    """One reminder of one term; it names no case, so that the mail does not show who judges whom."""

    __tablename__ = "desk_reminders"
    __table_args__ = ({"info": kept("A reminder that was sent stays.")},)
    PREFIX = "drm"
    MOVES = LIFECYCLE

    kind: Mapped[Reminded] = mapped_column(EnumText(Reminded))
    about_id: Mapped[str] = mapped_column(index=True)
    clock: Mapped[str]
    due_on: Mapped[date]
    overdue: Mapped[bool]
    recipients: Mapped[list[str]] = mapped_column(JsonText)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.SENT)

    @classmethod
    def sent(
        cls,
        *,
        reminder_id: str,
        kind: Reminded,
        about_id: str,
        clock: str,
        due_on: date,
        overdue: bool,
        recipients: Sequence[str],
        at: datetime,
    ) -> "DeskReminder":
        """Send the reminder of a term that runs, or has just passed."""
        about: dict[str, Any] = {
            "kind": kind,
            "about_id": about_id,
            "clock": clock,
            "due_on": due_on,
            "overdue": overdue,
        }
        reminder = cls(id=reminder_id, **about, recipients=list(recipients), sent_at=at)
        reminder.record(
            LIFECYCLE.birth("send"), DeskReminded(reminder_id=reminder_id, recipients=tuple(recipients), **about)
        )
        return reminder
