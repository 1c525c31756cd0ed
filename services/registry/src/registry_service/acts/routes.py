"""`/v1/acts`, and the ways to propose one under `/v1/brands/{number}`."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy import select

from common.programme.outcome import Act as ActKind
from common.text import LongText, ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import IfMatch, Router, Stateful, Work
from common.web.strict import Schema
from common.worklist import desks
from registry_service.acts.commands import approve_act, propose_act, refuse_act
from registry_service.acts.lifecycle import LIFECYCLE, State
from registry_service.acts.model import Act
from registry_service.acts.storage import SEES, acts, visible
from registry_service.brands.routes import router as brands

router = Router("acts", lifecycle=LIFECYCLE)
PROPOSES = {"recognition_officer", "office"}


class Proposal(Schema):
    """Why, on which ground of the programme, by which document and from which day."""

    grounds: ShortText
    reason: LongText
    document_number: ShortText
    effective_on: date


class Why(Schema):
    """Why the act is refused."""

    reason: LongText


class ActView(Stateful):
    """An act with who proposed and who decided."""

    id: str
    number: str
    action: str
    grounds: str
    reason: str
    document_number: str
    acting_body: str
    effective_on: date
    proposed_by: str
    proposed_at: datetime
    state: State
    decided_by: str | None
    decided_at: datetime | None
    refused_because: str | None
    lapsed_because: str | None


def shown(act: object, work: Work) -> ActView:
    """Show an act; who proposed it is not offered to decide it."""
    own = ("approve", "refuse") if getattr(act, "proposed_by", None) == work.actor.sub else ()
    return router.shown(ActView, act, work.actor, but=own)


async def _propose(number: str, action: ActKind, body: Proposal, work: Work, version: int | None) -> ActView:
    proposed = propose_act(work, number, action=action, version=version, **body.model_dump())
    return shown(await work.stored(proposed), work)


@brands.command("/{number}/warnings", allow=PROPOSES, action="warn", location="/v1/acts/{id}")
async def propose_warning(number: str, body: Proposal, work: Work, version: IfMatch) -> ActView:
    """Propose to warn (yellow card)."""
    return await _propose(number, "warn", body, work, version)


@brands.command("/{number}/suspensions", allow=PROPOSES, action="suspend", location="/v1/acts/{id}")
async def propose_suspension(number: str, body: Proposal, work: Work, version: IfMatch) -> ActView:
    """Propose to suspend."""
    return await _propose(number, "suspend", body, work, version)


@brands.command("/{number}/reinstatements", allow=PROPOSES, action="reinstate", location="/v1/acts/{id}")
async def propose_reinstatement(number: str, body: Proposal, work: Work, version: IfMatch) -> ActView:
    """Propose to end a warning or a suspension."""
    return await _propose(number, "reinstate", body, work, version)


@brands.command("/{number}/revocations", allow=PROPOSES, action="revoke", location="/v1/acts/{id}")
async def propose_revocation(number: str, body: Proposal, work: Work, version: IfMatch) -> ActView:
    """Propose to revoke."""
    return await _propose(number, "revoke", body, work, version)


@brands.command("/{number}/cancellations", allow=PROPOSES, action="cancel", location="/v1/acts/{id}")
async def propose_cancellation(number: str, body: Proposal, work: Work, version: IfMatch) -> ActView:
    """Propose to cancel at the holder's wish or end."""
    return await _propose(number, "cancel", body, work, version)


@router.command("/{act_id}/approvals", allow={"office"}, action="approve")
async def approve(act_id: str, work: Work, version: IfMatch) -> ActView:
    """Approve an act that another person proposed; it is done at once."""
    return shown(await work.stored(approve_act(work, act_id, version=version)), work)


@router.command("/{act_id}/refusals", allow={"office"}, action="refuse")
async def refuse_proposal(act_id: str, body: Why, work: Work, version: IfMatch) -> ActView:
    """Refuse an act that another person proposed."""
    return shown(await work.stored(refuse_act(work, act_id, version=version, reason=body.reason)), work)


@router.query(allow=SEES)
async def list_acts(
    work: Work,
    paging: Paging,
    number: Annotated[ShortText | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
    waiting_for: Annotated[Literal["me"] | None, Query()] = None,
) -> Page[ActView]:
    """List the acts, newest first."""
    table = Act.__table__.c
    statement = select(Act.__table__).where(visible(work.actor))
    if number is not None:
        statement = statement.where(table.number == number.upper())
    if state:
        statement = statement.where(table.state.in_(state))
    if waiting_for is not None:
        statement = statement.where(table.waits_for.in_(desks(work.actor)), table.proposed_by != work.actor.sub)
    sortable = {"proposed_at": table.proposed_at}
    return await page(work, statement, paging, ActView, sortable=sortable, sort="-proposed_at", key=table.id)


@router.query("/{act_id}", allow=SEES)
async def read_act(act_id: str, work: Work) -> ActView:
    """Read one act."""
    return shown(await work.read(acts, act_id), work)
