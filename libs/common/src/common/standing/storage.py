"""The questions asked of the learned titles; they are public in the register, so every actor's command may ask."""

from datetime import date
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import QueryableAttribute

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
    """Whose titles are asked for: the ids and the USCCs of an applicant and of all that were merged into it."""

    ids: tuple[str, ...]
    usccs: tuple[str, ...] = ()

    def of(self, model: type[LearnedHolding]) -> ColumnElement[bool]:
        """Restrict to the titles of this holder: those under its ids, and those that another id has under its codes."""
        return or_(model.applicant_id.in_(self.ids), func.coalesce(model.uscc, "").in_(self.usccs))


class Mergers(NamedTuple):
    """The columns in which a service has the mergers: who ended, its USCC, and the id of the one that remained."""

    applicant_id: QueryableAttribute[Any]
    uscc: QueryableAttribute[Any]
    into_id: QueryableAttribute[Any]


async def holder_of(work: Work, mergers: Mergers, applicant_id: str, uscc: str | None) -> Holder:
    """Return the holder of an applicant's titles: itself, all that were merged into it, and so on."""
    ids, usccs, ended = [applicant_id], [uscc], [applicant_id]
    while ended:
        asked = select(mergers.applicant_id, mergers.uscc).where(mergers.into_id.in_(ended))
        rows = await work.rows(asked.order_by(mergers.applicant_id))
        ended = [row.id for row in rows]
        ids += ended
        usccs += [row.uscc for row in rows]
    return Holder(tuple(ids), tuple(one for one in usccs if one is not None))


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
