"""The register is public; its questions run on stored columns."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true

from common.actor import Actor
from common.errors import NotFound
from common.search import matching
from common.storage.store import Store
from common.storage.work import Work
from registry_service.brands.lifecycle import State
from registry_service.brands.model import Brand, Change, Serial
from registry_service.brands.refusals import BrandNotFound


class SerialNotFound(NotFound):
    """No number was taken from this counter yet."""

    code = "serial-not-found"
    zh = "尚无编号计数器 {key}。"
    en = "There is no counter {key} yet."


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees the whole register, the revoked included."""
    return true()


brands = Store(Brand, not_found=BrandNotFound, visible=visible, key=Brand.number)
serials = Store(Serial, not_found=SerialNotFound, visible=visible)


def list_query(
    *,
    uscc: str | None = None,
    states: Sequence[State] | None = None,
    honour: str | None = None,
    year: int | None = None,
    q: str | None = None,
) -> Select[Any]:
    """Select the brands that fit every given condition."""
    table = Brand.__table__.c
    statement = select(Brand.__table__)
    if uscc is not None:
        statement = statement.where(table.uscc == uscc)
    if states:
        statement = statement.where(table.state.in_(states))
    if honour is not None:
        statement = statement.where(table.honour == honour)
    if year is not None:
        statement = statement.where(table.year == year)
    if q is not None:
        statement = statement.where(matching(table.search, q))
    return statement


async def changes_of(work: Work, brand_id: str) -> Sequence[Row[Any]]:
    """Return a brand's history as it was recorded, the oldest first."""
    table = Change.__table__
    return await work.rows(select(table).where(table.c.brand_id == brand_id).order_by(table.c.recorded_at, table.c.id))
