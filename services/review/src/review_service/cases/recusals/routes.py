"""`/v1/recusals`: who may not act on an applicant's cases; a recusal is declared in `panel/seats`."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from sqlalchemy import select

from common.codes.uscc import UsccOrException
from common.kernel.actor import Role
from common.kernel.text import Id
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.cases.recusals import commands
from review_service.cases.recusals.lifecycle import LIFECYCLE, State
from review_service.cases.recusals.model import Recusal
from review_service.cases.recusals.storage import recusals, visible

router = Router("recusals", lifecycle=LIFECYCLE, store=recusals)
DECLARES = frozenset({Role.RECOMMENDER, Role.RECOGNITION_OFFICER, Role.EXPERT, Role.OBSERVER, Role.OFFICE})


class RecusalView(Stateful):
    """A recusal; it binds while it is in force."""

    id: str
    person: str
    applicant: str
    reason: str
    declared_at: datetime
    in_force: bool
    state: State


@router.command("/{recusal_id}/liftings", allow={"office"}, action="lift", shows=RecusalView)
async def lift_recusal(recusal_id: Id, body: Reason, work: Work, version: IfMatch) -> Recusal:
    """Lift a recusal whose reason does not hold."""
    return await commands.lift_recusal(work, recusal_id, version=version, reason=body.reason)


@router.query(allow=DECLARES, lists=RecusalView)
async def list_recusals(
    work: Work, paging: Paging, applicant: Annotated[UsccOrException | None, Query()] = None
) -> Listed:
    """List the recusals that you may see, newest first."""
    table = Recusal.__table__.c
    statement = where_given(select(Recusal.__table__).where(visible(work.actor)), (table.applicant, applicant))
    sortable = {"declared_at": table.declared_at}
    return await page(work, statement, paging, sortable=sortable, sort="-declared_at", key=table.id)


@router.query("/{recusal_id}", allow=DECLARES, shows=RecusalView)
async def read_recusal(recusal_id: Id, work: Work) -> Found:
    """Read one recusal."""
    return await work.read(recusals, recusal_id)
