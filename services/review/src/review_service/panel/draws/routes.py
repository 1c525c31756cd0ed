"""`/v1/draws`: panels by lot."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.kernel.text import Id, ShortText
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.strict import Schema
from common.web.resources import Resource
from common.web.router import Router, Work
from review_service.panel.draws import commands
from review_service.panel.draws.model import Draw
from review_service.panel.draws.storage import draws, visible
from review_service.panel.experts.storage import SEES

router = Router("draws")


class NewDraw(Schema):
    """The round and the seed of the draw; the seed is named before the pool is known to be final."""

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
    """A draw with the experts who were drawn, and those who were skipped with the reasons."""

    panels: list[dict[str, Any]]


@router.command(allow={"recognition_officer"}, shows=DrawView)
async def draw_panels(body: NewDraw, work: Work) -> Draw:
    """Draw a panel for every case of the round that waits for one."""
    return await commands.draw_panels(work, **body.model_dump())


@router.query(allow=SEES, lists=DrawSummary)
async def list_draws(work: Work, paging: Paging, round_id: Annotated[Id | None, Query()] = None) -> Listed:
    """List the draws, newest first."""
    table = Draw.__table__.c
    statement = where_given(select(Draw.__table__).where(visible(work.actor)), (table.round_id, round_id))
    sortable = {"drawn_at": table.drawn_at}
    return await page(work, statement, paging, sortable=sortable, sort="-drawn_at", key=table.id)


@router.query("/{draw_id}", allow=SEES, shows=DrawView)
async def read_draw(draw_id: Id, work: Work) -> Found:
    """Read one draw with its protocol."""
    return await work.read(draws, draw_id)
