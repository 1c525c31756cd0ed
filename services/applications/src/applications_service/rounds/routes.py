"""`/v1/rounds`: the calls."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from applications_service.rounds.commands import close_round, open_round
from applications_service.rounds.lifecycle import LIFECYCLE, State
from applications_service.rounds.model import Round
from applications_service.rounds.storage import rounds
from common.contracts.fields import Instant
from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import PUBLIC, IfMatch, Router, Stateful, Work
from common.web.strict import Resource, Schema

router = Router("rounds", lifecycle=LIFECYCLE)


class NewRound(Schema):
    """A round to open."""

    programme_id: ShortText
    year: int = Field(ge=1990, le=2100, examples=[2015])
    opens_at: Instant
    closes_at: Instant


class RoundSummary(Resource):
    """A round in a list."""

    id: str
    programme_id: str
    honour: str
    edition: int
    programme_digest: str
    year: int
    opens_at: datetime
    closes_at: datetime
    state: State


class RoundView(RoundSummary, Stateful):
    """A round with what the actor may do next."""


@router.command(allow={"office"}, action="open")
async def open_(body: NewRound, work: Work) -> RoundView:
    """Open the year's round of an honour."""
    return router.shown(RoundView, await work.stored(open_round(work, **body.model_dump())), work.actor)


@router.command("/{round_id}/closings", allow={"office"}, action="close")
async def close(round_id: str, work: Work, version: IfMatch) -> RoundView:
    """Close the round: no application can be handed in from now on."""
    return router.shown(RoundView, await work.stored(close_round(work, round_id, version=version)), work.actor)


@router.query(allow=PUBLIC)
async def list_rounds(
    work: Work,
    paging: Paging,
    honour: Annotated[ShortText | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
) -> Page[RoundSummary]:
    """List the rounds, newest first."""
    table = Round.__table__.c
    statement = select(Round.__table__)
    if honour is not None:
        statement = statement.where(table.honour == honour)
    if state:
        statement = statement.where(table.state.in_(state))
    return await page(
        work, statement, paging, RoundSummary, sortable={"opens_at": table.opens_at}, sort="-opens_at", key=table.id
    )


@router.query("/{round_id}", allow=PUBLIC)
async def read_round(round_id: str, work: Work) -> RoundView:
    """Read one round."""
    return router.shown(RoundView, await work.read(rounds, round_id), work.actor)
