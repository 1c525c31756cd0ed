"""The explanation of a deadline: every day of the term, what it is by law, and whether it counts."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from common.codes.calendar import Counting, DayKind, LegalDay


class TermDay(BaseModel):
    """A day of a term: a holiday has its name; `number` is null for a day that does not count."""

    model_config = ConfigDict(from_attributes=True)

    on: date
    kind: LegalDay
    zh: str | None
    en: str | None
    number: int | None


class Deadline(BaseModel):
    """The term that runs: `days` working or calendar days, counted from the day after `began_on`.

    `day_by_day` is as the term was given, also when the calendar was amended later. A term that ends with a window of
    its round is not counted and has no days.
    """

    clock: str
    due_on: date
    began_on: date | None
    days: int | None
    day_kind: DayKind | None
    estimated: bool
    day_by_day: list[TermDay]


class Deadlines(BaseModel):
    """The deadlines that run for one thing, none when nobody has to act within a term."""

    items: list[Deadline]


def deadlines_of(row: Any) -> Deadlines:  # noqa: ANN401 -- a row on a desk (storage/waiting/desks.py)
    """Return the term that runs on a desk."""
    return Deadlines(items=[] if row.due_on is None else [explained(row.clock, row.due_on, row.counting)])


def explained(clock: str, due_on: date, counting: dict[str, Any] | None) -> Deadline:
    """Return why a term ends on its last day."""
    if counting is None:
        return Deadline(
            clock=clock, due_on=due_on, began_on=None, days=None, day_kind=None, estimated=False, day_by_day=[]
        )
    counted = Counting.read(counting)
    return Deadline(
        clock=clock,
        due_on=due_on,
        began_on=counted.began_on,
        days=counted.days,
        day_kind=counted.kind,
        estimated=counted.estimated,
        day_by_day=[TermDay.model_validate(day) for day in counted.day_by_day(due_on)],
    )
