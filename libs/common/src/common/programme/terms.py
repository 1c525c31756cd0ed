"""The terms that a programme gives (期限): counted from a day by its clocks and the working calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from common.codes.calendar import WorkingCalendar
from common.kernel.worklist import Term
from common.programme.definition.intake import ClockName
from common.programme.programme import Programme


@dataclass(frozen=True, slots=True)
class Terms:
    """Counts a programme's terms from a day."""

    programme: Programme
    calendar: WorkingCalendar
    today: date

    def of(self, name: ClockName) -> Term:
        """Return the term of a clock that begins today; raises LookupError for a clock that the programme lacks."""
        clock = self.programme.clock(name)
        deadline = self.calendar.after(self.today, days=clock.days, kind=clock.kind)
        return self.until(deadline.on, name, remind_days=clock.remind_days, estimated=deadline.estimated)

    def until(self, due_on: date, clock: str, *, remind_days: int, estimated: bool = False) -> Term:
        """Return the term that ends on a day; a reminder that would fall on today or earlier is left out."""
        remind_on = due_on - timedelta(days=remind_days)
        reminded = remind_days > 0 and remind_on > self.today
        return Term(clock=clock, due_on=due_on, remind_on=remind_on if reminded else None, estimated=estimated)
