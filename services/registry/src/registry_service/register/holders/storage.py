"""The queries on a holder: the titles under one applicant's id, and under its USCC where it has one."""

from typing import Any

from sqlalchemy import Row, case, func, or_, select, true

from common.storage.work import Work
from registry_service.register.brands.lifecycle import IN_FORCE
from registry_service.register.brands.model import Brand


async def find_holder(work: Work, key: str) -> Row[Any] | None:
    """Return a holder, found by USCC or by the id of the applicant, as its last title has it.

    With it its number of titles and of titles in force, and the end of its longest bar. None without any title.
    """
    table = Brand.__table__.c
    named = or_(table.uscc == key, table.applicant_id == key)
    own = or_(
        table.applicant_id.in_(select(table.applicant_id).where(named)), table.uscc.in_(select(table.uscc).where(named))
    )
    last = select(Brand.__table__).where(own).order_by(table.registered_at.desc(), table.id.desc()).limit(1).subquery()
    counted = select(
        func.count().label("titles"),
        func.coalesce(func.sum(case((table.state.in_(IN_FORCE), 1), else_=0)), 0).label("titles_in_force"),
        select(table.barred_until)
        .where(own, table.barred_until.is_not(None))
        .order_by(table.barred_until.desc())
        .limit(1)
        .scalar_subquery()
        .label("barred_until"),
    )
    counts = counted.where(own).subquery()
    shown = (last.c.applicant_id, last.c.uscc, last.c.holder_name.label("name"))
    return await work.one(select(*shown, counts).select_from(last.join(counts, true())))
