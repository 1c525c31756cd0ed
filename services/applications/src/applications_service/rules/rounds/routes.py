"""`/v1/rounds`: the calls."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from applications_service.rules.rounds import commands
from applications_service.rules.rounds.lifecycle import LIFECYCLE, State
from applications_service.rules.rounds.model import Round
from applications_service.rules.rounds.storage import rounds
from common.kernel.actor import PUBLIC
from common.kernel.text import Id, ShortText, TypedText
from common.kernel.values.numbers import Year
from common.kernel.values.times import Instant
from common.storage.work import Found
from common.web.answers.desks import OnDesks
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work

router = Router("rounds", lifecycle=LIFECYCLE, store=rounds)


class NewRound(Schema):
    """A round to open."""

    programme_id: ShortText
    year: Year = Field(examples=[2015])
    opens_at: Instant
    closes_at: Instant
    recommendation_closes_at: Instant | None = None
    acceptance_closes_at: Instant | None = None


class Extension(Reason):
    """Later ends of a round's windows; what is not given stays."""

    closes_at: Instant | None = None
    recommendation_closes_at: Instant | None = None
    acceptance_closes_at: Instant | None = None


class RoundView(Stateful):
    """A round."""

    id: str
    programme_id: str
    honour: str
    edition: int
    programme_digest: str
    year: int
    opens_at: datetime
    closes_at: datetime
    recommendation_closes_at: datetime
    acceptance_closes_at: datetime
    state: State
    due_on: date | None
    overdue_at: datetime | None
    accepted_count: int | None
    accepted_digest: str | None


@router.command(allow={"office"}, action="open", shows=RoundView)
async def open_round(body: NewRound, work: Work) -> Round:
    """Open the year's round of an honour.

    Windows that are not given are as long as the programme's terms.
    """
    return await commands.open_round(work, **body.model_dump())


@router.command("/{round_id}/closings", allow={"office"}, action="close", shows=RoundView)
async def close_round(round_id: Id, work: Work, version: IfMatch) -> Round:
    """Close the round: no application can be handed in from now on."""
    return await commands.close_round(work, round_id, version=version)


@router.command("/{round_id}/extensions", allow={"office"}, action="extend", shows=RoundView)
async def extend_round(round_id: Id, body: Extension, work: Work, version: IfMatch) -> Round:
    """Move ends of the round's windows to later instants; everybody reads the reason."""
    return await commands.extend_round(work, round_id, version=version, **body.model_dump())


@router.query(allow=PUBLIC, lists=RoundView)
async def list_rounds(
    work: Work,
    paging: Paging,
    *,
    honour: Annotated[TypedText | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
    desk: OnDesks,
) -> Listed:
    """List the rounds, newest first."""
    table = Round.__table__.c
    mine = desk.narrow(select(Round.__table__), table, work.actor)
    statement = where_given(mine, (table.honour, honour), (table.state, state))
    return await page(work, statement, paging, sortable={"opens_at": table.opens_at}, sort="-opens_at", key=table.id)


@router.query("/{round_id}", allow=PUBLIC, shows=RoundView)
async def read_round(round_id: Id, work: Work) -> Found:
    """Read one round."""
    return await work.read(rounds, round_id)
