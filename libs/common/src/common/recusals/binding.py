"""The rule that a recusal binds: who is recused from an applicant loads none of his cases for change.

A store of cases names it once (`Store.withheld`), so that no command can forget it.
"""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, exists

from common.kernel.actor import Actor

Withheld: TypeAlias = Callable[[Actor], ColumnElement[bool]]


def binding(
    *, person: SQLColumnExpression[str], applicant: SQLColumnExpression[str], in_force: SQLColumnExpression[bool]
) -> Callable[[SQLColumnExpression[str]], Withheld]:
    """Return what makes `Store.withheld` from the column of a case's applicant; the columns are those of recusals."""

    def withheld_from(of_case: SQLColumnExpression[str]) -> Withheld:
        def recused(actor: Actor) -> ColumnElement[bool]:
            return exists().where(person == actor.sub, applicant == of_case, in_force)

        return recused

    return withheld_from
