"""A reminder: who has an application on his desk is reminded of his term's last day, or that it has passed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from applications_service.intake.applications.model import Application
from applications_service.intake.reminders.lifecycle import LIFECYCLE, State
from applications_service.tables import Stored
from common.contracts.applications.reminders import TermReminded
from common.storage.columns import EnumText, JsonText, UtcDateTime
from common.storage.kept import kept


class Reminder(Stored):
    """One reminder of one term."""

    __tablename__ = "reminders"
    __table_args__ = ({"info": kept("A reminder that was sent stays.")},)
    PREFIX = "rmd"
    MOVES = LIFECYCLE

    application_id: Mapped[str] = mapped_column(index=True)
    clock: Mapped[str]
    due_on: Mapped[date]
    overdue: Mapped[bool]
    recipients: Mapped[list[str]] = mapped_column(JsonText)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(EnumText(State), default=State.SENT)

    @classmethod
    def sent(
        cls, application: Application, *, reminder_id: str, recipients: Sequence[str], overdue: bool, at: datetime
    ) -> "Reminder":
        """Send the reminder of the term that runs, or has just passed, for an application."""
        about: dict[str, Any] = {
            "application_id": application.id,
            "clock": application.clock,
            "due_on": application.due_on,
            "overdue": overdue,
        }
        reminder = cls(id=reminder_id, **about, recipients=list(recipients), sent_at=at)
        reminder.record(
            LIFECYCLE.birth("send"),
            TermReminded(
                reminder_id=reminder_id,
                round_id=application.round_id,
                honour=application.honour,
                recipients=tuple(recipients),
                **about,
            ),
        )
        return reminder
