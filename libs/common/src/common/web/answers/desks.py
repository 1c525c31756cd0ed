"""The filters of lists of rows on desks: what waits for the actor, what is overdue, what is due before a day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import Depends, Query
from sqlalchemy import ColumnCollection, Select

from common.kernel.actor import Actor
from common.kernel.values.times import Day
from common.kernel.worklist import desks
from common.web.answers.pagination import where_given


@dataclass(frozen=True, slots=True)
class DeskFilters:
    """The filters that a request gives."""

    mine: bool
    overdue: bool | None
    due_before: date | None

    def narrow(self, statement: Select[Any], table: ColumnCollection[str, Any], actor: Actor) -> Select[Any]:
        """Restrict a statement over a table of rows on desks (storage/waiting/desks.py)."""
        statement = where_given(statement, (table.waits_for, desks(actor) if self.mine else None))
        if self.overdue is not None:
            late = table.overdue_at.is_not(None)
            statement = statement.where(late if self.overdue else ~late)
        return statement if self.due_before is None else statement.where(table.due_on < self.due_before)


async def _filters(  # async: FastAPI runs a plain function in a thread
    waiting_for: Annotated[Literal["me"] | None, Query(description="`me`: what waits for you")] = None,
    overdue: Annotated[bool | None, Query(description="whether the term has passed")] = None,
    due_before: Annotated[Day | None, Query(description="the last day of the term is before this one")] = None,
) -> DeskFilters:
    return DeskFilters(mine=waiting_for is not None, overdue=overdue, due_before=due_before)


OnDesks: TypeAlias = Annotated[DeskFilters, Depends(_filters)]
"""What a list of rows on desks takes."""
