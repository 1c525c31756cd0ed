"""`/v1/redraws`, and the route under `/v1/reviews/{review_id}` by which a redraw is proposed."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from sqlalchemy import not_, select

from common.kernel.text import Id
from common.kernel.worklist import desks, proposed_by_oneself
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason, WaitingFor
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.cases.reviews.routes import router as reviews
from review_service.panel.experts.storage import SEES
from review_service.panel.redraws import commands
from review_service.panel.redraws.lifecycle import LIFECYCLE, State
from review_service.panel.redraws.model import Redraw
from review_service.panel.redraws.storage import redraws, visible

router = Router("redraws", lifecycle=LIFECYCLE, store=redraws)


class RedrawView(Stateful):
    """A proposal to draw a case again, with the persons who proposed and decided it."""

    id: str
    review_id: str
    round_id: str
    draw_id: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: State
    decided_by: str | None
    decided_at: datetime | None
    refused_because: str | None


@reviews.command(
    "/{review_id}/redraws",
    allow={"recognition_officer"},
    action="dissolve_panel",
    shows=RedrawView,
    of=router,
    location="/v1/redraws/{id}",
)
async def propose_redraw(review_id: Id, body: Reason, work: Work, version: IfMatch) -> Redraw:
    """Propose to dissolve the panel of a case and draw it again."""
    return await commands.propose_redraw(work, review_id, version=version, reason=body.reason)


@router.command("/{redraw_id}/approvals", allow={"recognition_officer"}, action="approve", shows=RedrawView)
async def approve_redraw(redraw_id: Id, work: Work, version: IfMatch) -> Redraw:
    """Approve a redraw that another person proposed; the case waits for the next draw."""
    return await commands.approve_redraw(work, redraw_id, version=version)


@router.command("/{redraw_id}/refusals", allow={"recognition_officer"}, action="refuse", shows=RedrawView)
async def refuse_redraw(redraw_id: Id, body: Reason, work: Work, version: IfMatch) -> Redraw:
    """Refuse a redraw that another person proposed."""
    return await commands.refuse_redraw(work, redraw_id, version=version, reason=body.reason)


@router.query(allow=SEES, lists=RedrawView)
async def list_redraws(
    work: Work,
    paging: Paging,
    review_id: Annotated[Id | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
    waiting_for: WaitingFor = None,
) -> Listed:
    """List the proposals to draw again, newest first."""
    table = Redraw.__table__.c
    statement = where_given(
        select(Redraw.__table__).where(visible(work.actor)),
        (table.review_id, review_id),
        (table.state, state),
        (table.waits_for, desks(work.actor) if waiting_for else None),
    )
    if waiting_for:
        statement = statement.where(not_(proposed_by_oneself(table, work.actor)))
    sortable = {"proposed_at": table.proposed_at}
    return await page(work, statement, paging, sortable=sortable, sort="-proposed_at", key=table.id)


@router.query("/{redraw_id}", allow=SEES, shows=RedrawView)
async def read_redraw(redraw_id: Id, work: Work) -> Found:
    """Read one proposal to draw again."""
    return await work.read(redraws, redraw_id)
