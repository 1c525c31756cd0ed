"""`/v1/deliberations`: the vote, and the decision of another organisation about it."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from common.text import LongText, ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import IfMatch, Router, Stateful, Work
from common.web.strict import Schema
from common.worklist import desks
from review_service.deliberations.commands import (
    conclude_deliberation,
    confirm_list,
    hold_list,
    refuse_list,
    return_list,
)
from review_service.deliberations.lifecycle import LIFECYCLE, State
from review_service.deliberations.model import Deliberation
from review_service.deliberations.storage import deliberations, visible
from review_service.rankings.storage import SEES

router = Router("deliberations", lifecycle=LIFECYCLE)
OF_ANOTHER_ORGANISATION = ("hold", "confirm", "return", "refuse")
Votes = Annotated[int, Field(ge=0, le=1000)]


class NewDeliberation(Schema):
    """The vote on a list, with the minutes."""

    ranking_id: ShortText
    votes_for: Votes
    votes_against: Votes
    abstained: Votes
    minutes: LongText


class Why(Schema):
    """Why the office decides so."""

    reason: LongText


class DeliberationView(Stateful):
    """A vote and what the office decided."""

    id: str
    ranking_id: str
    round_id: str
    honour: str
    recognition_body: str
    votes_for: int
    votes_against: int
    abstained: int
    minutes: str
    concluded_at: datetime
    state: State
    reason: str | None


def shown(deliberation: object, work: Work) -> DeliberationView:
    """Show a deliberation to the actor of this work; the recognition body's own people decide nothing about it."""
    view = DeliberationView.model_validate(deliberation)
    own = view.recognition_body == work.actor.org
    return router.shown(DeliberationView, deliberation, work.actor, but=OF_ANOTHER_ORGANISATION if own else ())


@router.command(allow={"recognition_officer"}, action="conclude")
async def conclude(body: NewDeliberation, work: Work) -> DeliberationView:
    """Record the recognition body's vote on a list."""
    return shown(await work.stored(conclude_deliberation(work, **body.model_dump())), work)


@router.command("/{deliberation_id}/holds", allow={"office"}, action="hold")
async def hold(deliberation_id: str, body: Why, work: Work, version: IfMatch) -> DeliberationView:
    """Hold the list until a question is settled."""
    return shown(await work.stored(hold_list(work, deliberation_id, version=version, reason=body.reason)), work)


@router.command("/{deliberation_id}/confirmations", allow={"office"}, action="confirm")
async def confirm(deliberation_id: str, work: Work, version: IfMatch) -> DeliberationView:
    """Confirm the list as it stands."""
    return shown(await work.stored(confirm_list(work, deliberation_id, version=version)), work)


@router.command("/{deliberation_id}/returns", allow={"office"}, action="return")
async def return_to_body(deliberation_id: str, body: Why, work: Work, version: IfMatch) -> DeliberationView:
    """Return the list for a new deliberation."""
    return shown(await work.stored(return_list(work, deliberation_id, version=version, reason=body.reason)), work)


@router.command("/{deliberation_id}/refusals", allow={"office"}, action="refuse")
async def refuse(deliberation_id: str, body: Why, work: Work, version: IfMatch) -> DeliberationView:
    """Refuse the list: nobody on it is recognised."""
    return shown(await work.stored(refuse_list(work, deliberation_id, version=version, reason=body.reason)), work)


@router.query(allow=SEES)
async def list_deliberations(
    work: Work,
    paging: Paging,
    state: Annotated[list[State] | None, Query()] = None,
    waiting_for: Annotated[Literal["me"] | None, Query()] = None,
) -> Page[DeliberationView]:
    """List the deliberations, newest first."""
    table = Deliberation.__table__.c
    statement = select(Deliberation.__table__).where(visible(work.actor))
    if state:
        statement = statement.where(table.state.in_(state))
    if waiting_for is not None:
        statement = statement.where(table.waits_for.in_(desks(work.actor)))
    sortable = {"concluded_at": table.concluded_at}
    return await page(work, statement, paging, DeliberationView, sortable=sortable, sort="-concluded_at", key=table.id)


@router.query("/{deliberation_id}", allow=SEES)
async def read_deliberation(deliberation_id: str, work: Work) -> DeliberationView:
    """Read one deliberation."""
    return shown(await work.read(deliberations, deliberation_id), work)
