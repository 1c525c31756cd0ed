"""The rule that a recusal binds: who is recused from an applicant loads none of his cases for change.

A store of cases names it once (`Store.withheld`): commands refuse by it, and no view offers what they would refuse.
"""

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists

from common.kernel.actor import Actor, Role

Withheld: TypeAlias = Callable[[Actor], ColumnElement[bool]]


def binding(
    *, person: SQLColumnExpression[str], applicant: SQLColumnExpression[str], in_force: SQLColumnExpression[bool]
) -> Callable[[SQLColumnExpression[str]], Withheld]:
    """Return what makes `Store.withheld` from the column of a case's applicant; the columns are those of recusals.

    Nobody is recused from acting as the applicant of his own case.
    """

    def withheld_from(of_case: SQLColumnExpression[str]) -> Withheld:
        def recused(actor: Actor) -> ColumnElement[bool]:
            bound = exists().where(person == actor.sub, applicant == of_case, in_force)
            return and_(of_case != actor.org, bound) if actor.has(Role.APPLICANT) else bound

        return recused

    return withheld_from
