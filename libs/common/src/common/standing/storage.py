"""The questions asked of the learned titles; they are public in the register, so every actor's command may ask."""

from datetime import date
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, func, or_, select, true

from common.contracts.registry.brands import HELD
from common.kernel.actor import Actor
from common.programme import AppliedItem
from common.standing.checks import Bar, Standing, Title
from common.standing.model import LearnedHolding
from common.standing.refusals import HoldingNotFound
from common.storage.store import Store
from common.storage.work import Work

Holdings: TypeAlias = Store[Any]
"""The store of a service's learned titles."""


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is always true: titles are public."""
    return true()


def holdings_store(model: type[LearnedHolding]) -> Holdings:
    """Return the store of a service's learned titles."""
    return Store(model, not_found=HoldingNotFound, visible=visible)


class Holder(NamedTuple):
    """Whose titles are asked for: the id of an applicant, and its USCC unless it has none."""

    applicant_id: str
    uscc: str | None

    def of(self, model: type[LearnedHolding]) -> ColumnElement[bool]:
        """Restrict to the titles of this holder: those under its id, and those that another id has under its code."""
        by_id = model.applicant_id == self.applicant_id
        return by_id if self.uscc is None else or_(by_id, func.coalesce(model.uscc, "") == self.uscc)


async def bars_of(work: Work, holdings: Holdings, holder: Holder, *, on: date) -> tuple[Bar, ...]:
    """Return the bars of a holder that are in force on a day, the longest first."""
    model = holdings.model
    asked = select(model.number, model.barred_until).where(holder.of(model), model.barred_until >= on)
    rows = await work.rows(asked.order_by(model.barred_until.desc(), model.number))
    return tuple(Bar(number=row.number, until_on=row.barred_until) for row in rows)


async def standing_of(
    work: Work, holdings: Holdings, holder: Holder, *, honour: str, applied: AppliedItem | None, on: date
) -> Standing:
    """Return what the register says of an applicant on a day, for the item that he applies for, if it is known."""
    model = holdings.model
    own = holder.of(model)
    others = (
        []
        if applied is None or applied.trademark is None
        else await _titles(
            work,
            holdings,
            ~own,
            model.honour == honour,
            model.trademark_key == applied.trademark,
            model.category == applied.category,
            on=on,
        )
    )
    return Standing(
        titles=tuple(await _titles(work, holdings, own, on=on)),
        bars=await bars_of(work, holdings, holder, on=on),
        of_others=tuple(others),
    )


async def _titles(work: Work, holdings: Holdings, *where: ColumnElement[bool], on: date) -> list[Title]:
    model = holdings.model
    live = (model.state.in_(HELD), or_(model.valid_until.is_(None), model.valid_until >= on))
    table = model.__table__.c
    columns = (table.number, table.honour, table.applicant_id, table.uscc, table.scope, table.valid_until)
    rows = await work.rows(select(*columns).where(*live, *where).order_by(table.number))
    return [Title(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
