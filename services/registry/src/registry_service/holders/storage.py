"""What is asked of a holder: the titles under one USCC."""

from typing import Any

from sqlalchemy import Row, case, func, select

from common.storage.work import Work
from registry_service.brands.lifecycle import IN_FORCE
from registry_service.brands.model import Brand


async def holder(work: Work, uscc: str) -> Row[Any] | None:
    """Return a holder's latest name with its number of titles and of titles in force, None when it never held one."""
    table = Brand.__table__.c
    counted = await work.one(
        select(
            func.count().label("titles"),
            func.coalesce(func.sum(case((table.state.in_(IN_FORCE), 1), else_=0)), 0).label("titles_in_force"),
            select(table.holder_name)
            .where(table.uscc == uscc)
            .order_by(table.registered_at.desc())
            .limit(1)
            .scalar_subquery()
            .label("name"),
        ).where(table.uscc == uscc)
    )
    return counted if counted is not None and counted.titles else None
