"""The terms that a programme gives (期限): counted from a day by its clocks and the working calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from common.codes.calendar import Counting, WorkingCalendar
from common.kernel.worklist import Term
from common.programme.definition.intake import ClockName
from common.programme.programme import Programme


@dataclass(frozen=True, slots=True)
class Terms:
    """Counts a programme's terms from a day."""

    programme: Programme
    calendar: WorkingCalendar
    today: date

    def of(self, name: ClockName, *, days: int | None = None) -> Term:
        """Return the term of a clock that begins today, or goes on today with so many days left.

        Raises LookupError for a clock that the programme lacks.
        """
        clock = self.programme.clock(name)
        deadline = self.calendar.after(self.today, days=clock.days if days is None else days, kind=clock.kind)
        return self.until(deadline.on, name, remind_days=clock.remind_days, counting=deadline.counting)

    def until(self, due_on: date, clock: str, *, remind_days: int, counting: Counting | None = None) -> Term:
        """Return the term that ends on a day; a reminder that would fall on today or earlier is left out."""
        remind_on = due_on - timedelta(days=remind_days)
        return Term(
            clock=clock,
            due_on=due_on,
            remind_on=remind_on if remind_days > 0 and remind_on > self.today else None,
            counting=None if counting is None else counting.as_json(),
        )

    def left(self, name: ClockName, due_on: date) -> int:
        """Return how many days of a clock are left after today, at least one: with so many it goes on after a pause."""
        return max(1, self.calendar.days_between(self.today, due_on, kind=self.programme.clock(name).kind))
