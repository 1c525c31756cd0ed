"""The command that reminds of a term."""

from collections.abc import Sequence
from datetime import date

from common.contracts.review.reminders import Reminded
from common.storage.waiting.desks import OnDesk
from common.storage.work import Work
from review_service.cases.desk_reminders.model import DeskReminder


async def remind_of(
    work: Work, row: OnDesk, kind: Reminded, *, clock: str | None, due_on: date | None, recipients: Sequence[str]
) -> None:
    """Remind those who have a row on their desk of a term, or that it has passed; the row's audit says so."""
    if clock is None or due_on is None:
        raise ValueError(f"no term of {row.id} can be reminded of")
    if recipients:
        reminder = DeskReminder.sent(
            reminder_id=work.new_id(DeskReminder),
            kind=kind,
            about_id=row.id,
            clock=clock,
            due_on=due_on,
            overdue=due_on < work.today,
            recipients=recipients,
            at=work.now,
        )
        work.add(reminder)
    row.note("remind", reason=clock)
