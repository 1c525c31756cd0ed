"""`/v1/rankings`: the round's list."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import Router, Stateful, Work
from common.web.strict import Resource, Schema
from review_service.rankings.commands import propose_ranking
from review_service.rankings.lifecycle import LIFECYCLE, State
from review_service.rankings.model import Ranking
from review_service.rankings.storage import SEES, rankings, visible

router = Router("rankings", lifecycle=LIFECYCLE)


class NewRanking(Schema):
    """Which round to rank; `seed` breaks the ties that no criterion breaks."""

    round_id: ShortText
    seed: ShortText


class RankingSummary(Resource):
    """A list without its items."""

    id: str
    round_id: str
    honour: str
    year: int
    quota: int
    state: State
    proposed_at: datetime


class RankingView(RankingSummary, Stateful):
    """A list with every place explained."""

    seed: str
    items: list[dict[str, Any]]


@router.command(allow={"recognition_officer"}, action="propose")
async def propose(body: NewRanking, work: Work) -> RankingView:
    """Rank the round and propose its list within the quota."""
    return router.shown(RankingView, await work.stored(propose_ranking(work, **body.model_dump())), work.actor)


@router.query(allow=SEES)
async def list_rankings(
    work: Work, paging: Paging, round_id: Annotated[ShortText | None, Query()] = None
) -> Page[RankingSummary]:
    """List the lists, newest first."""
    table = Ranking.__table__.c
    statement = select(Ranking.__table__).where(visible(work.actor))
    if round_id is not None:
        statement = statement.where(table.round_id == round_id)
    sortable = {"proposed_at": table.proposed_at}
    return await page(work, statement, paging, RankingSummary, sortable=sortable, sort="-proposed_at", key=table.id)


@router.query("/{ranking_id}", allow=SEES)
async def read_ranking(ranking_id: str, work: Work) -> RankingView:
    """Read one list."""
    return router.shown(RankingView, await work.read(rankings, ranking_id), work.actor)
