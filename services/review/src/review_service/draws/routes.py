"""`/v1/draws`: panels by lot."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import Router, Work
from common.web.strict import Resource, Schema
from review_service.draws.commands import draw_panels
from review_service.draws.model import Draw
from review_service.draws.storage import draws, visible
from review_service.experts.storage import SEES

router = Router("draws")


class NewDraw(Schema):
    """For which round, and from which seed; the seed is named before the pool is known to be final."""

    round_id: ShortText
    seed: ShortText


class DrawSummary(Resource):
    """A draw without its protocol."""

    id: str
    round_id: str
    seed: str
    panel_size: int
    drawn_at: datetime
    drawn_by: str


class DrawView(DrawSummary):
    """A draw with who was drawn and who was passed over, and why."""

    panels: list[dict[str, Any]]


@router.command(allow={"recognition_officer"})
async def draw(body: NewDraw, work: Work) -> DrawView:
    """Draw a panel for every case of the round that waits for one."""
    return DrawView.model_validate(await work.stored(draw_panels(work, **body.model_dump())))


@router.query(allow=SEES)
async def list_draws(
    work: Work, paging: Paging, round_id: Annotated[ShortText | None, Query()] = None
) -> Page[DrawSummary]:
    """List the draws, newest first."""
    table = Draw.__table__.c
    statement = select(Draw.__table__).where(visible(work.actor))
    if round_id is not None:
        statement = statement.where(table.round_id == round_id)
    sortable = {"drawn_at": table.drawn_at}
    return await page(work, statement, paging, DrawSummary, sortable=sortable, sort="-drawn_at", key=table.id)


@router.query("/{draw_id}", allow=SEES)
async def read_draw(draw_id: str, work: Work) -> DrawView:
    """Read one draw with its protocol."""
    return DrawView.model_validate(await work.read(draws, draw_id))
