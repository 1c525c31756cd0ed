"""The register is public; its queries use stored columns only."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true

from common.kernel.actor import Actor
from common.storage.finding.search import matching
from common.storage.store import Store
from common.storage.work import Work
from registry_service.register.brands.lifecycle import State
from registry_service.register.brands.model import Brand, Change
from registry_service.register.brands.refusals import BrandNotFound


def visible(_actor: Actor) -> ColumnElement[bool]:
    """Everybody sees the whole register, including revoked brands."""
    return true()


brands = Store(Brand, not_found=BrandNotFound, visible=visible, key=Brand.number_key)


def list_query(
    *,
    uscc: str | None = None,
    applicant_id: str | None = None,
    states: Sequence[State] | None = None,
    honour: str | None = None,
    year: int | None = None,
    q: str | None = None,
) -> Select[Any]:
    """Select the brands that match all conditions; a condition that is None is ignored."""
    table = Brand.__table__.c
    statement = select(Brand.__table__)
    if uscc is not None:
        statement = statement.where(table.uscc == uscc)
    if applicant_id is not None:
        statement = statement.where(table.applicant_id == applicant_id)
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
