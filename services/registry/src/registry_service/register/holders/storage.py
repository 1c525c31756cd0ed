"""The queries on a holder: the titles under one USCC."""

from typing import Any

from sqlalchemy import Row, case, func, select

from common.storage.work import Work
from registry_service.register.brands.lifecycle import IN_FORCE
from registry_service.register.brands.model import Brand


async def holder(work: Work, uscc: str) -> Row[Any] | None:
    """Return a holder's code, latest name, its number of titles and of titles in force, and the end of its longest bar.

    None without any title.
    """
    table = Brand.__table__.c
    counted = await work.one(
        select(
            func.count().label("titles"),
            func.min(table.uscc).label("uscc"),
            func.coalesce(func.sum(case((table.state.in_(IN_FORCE), 1), else_=0)), 0).label("titles_in_force"),
            select(table.barred_until)
            .where(table.uscc == uscc, table.barred_until.is_not(None))
            .order_by(table.barred_until.desc())
            .limit(1)
            .scalar_subquery()
            .label("barred_until"),
            select(table.holder_name)
            .where(table.uscc == uscc)
            .order_by(table.registered_at.desc())
            .limit(1)
            .scalar_subquery()
            .label("name"),
        ).where(table.uscc == uscc)
    )
    return counted if counted is not None and counted.titles else None
