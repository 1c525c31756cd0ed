"""`/v1/acts`, and the routes under `/v1/brands/{number}` by which an act is proposed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from sqlalchemy import not_, select

from common.kernel.text import Id, ReasonText, ShortText, TypedText
from common.kernel.values.times import ActDay
from common.kernel.worklist import desks, proposed_by_oneself
from common.programme.definition.award import Act as ActKind
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason, WaitingFor
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import Endpoint, IfMatch, Router, Work
from registry_service.register.brands.routes import router as brands
from registry_service.supervision.acts import commands
from registry_service.supervision.acts.lifecycle import LIFECYCLE, State
from registry_service.supervision.acts.model import Act
from registry_service.supervision.acts.storage import SEES, acts, visible

router = Router("acts", lifecycle=LIFECYCLE, store=acts)
PROPOSES = {"recognition_officer", "office"}


class Proposal(Schema):
    """A proposed act: its reason, the ground in the programme, the document and the day from which it counts."""

    grounds: ShortText
    reason: ReasonText
    document_number: ShortText
    effective_on: ActDay


class ActView(Stateful):
    """An act with the persons who proposed and decided it."""

    id: str
    number: str
    action: str
    grounds: str
    reason: str
    document_number: str
    acting_body: str
    effective_on: date
    barred_until: date | None
    proposed_by: str
    proposed_at: datetime
    state: State
    decided_by: str | None
    decided_at: datetime | None
    refused_because: str | None
    lapsed_because: str | None


def proposing(path: str, action: ActKind) -> Callable[[Endpoint], Endpoint]:
    """Declare a route by which an act on a brand is proposed."""
    return brands.command(path, allow=PROPOSES, action=action, shows=ActView, of=router, location="/v1/acts/{id}")


@proposing("/{number}/warnings", "warn")
async def propose_warning(number: TypedText, body: Proposal, work: Work, version: IfMatch) -> Act:
    """Propose to warn (yellow card)."""
    return await commands.propose_act(work, number, action="warn", version=version, **body.model_dump())


@proposing("/{number}/suspensions", "suspend")
async def propose_suspension(number: TypedText, body: Proposal, work: Work, version: IfMatch) -> Act:
    """Propose to suspend."""
    return await commands.propose_act(work, number, action="suspend", version=version, **body.model_dump())


@proposing("/{number}/reinstatements", "reinstate")
async def propose_reinstatement(number: TypedText, body: Proposal, work: Work, version: IfMatch) -> Act:
    """Propose to end a warning or a suspension."""
    return await commands.propose_act(work, number, action="reinstate", version=version, **body.model_dump())


@proposing("/{number}/revocations", "revoke")
async def propose_revocation(number: TypedText, body: Proposal, work: Work, version: IfMatch) -> Act:
    """Propose to revoke."""
    return await commands.propose_act(work, number, action="revoke", version=version, **body.model_dump())


@proposing("/{number}/cancellations", "cancel")
async def propose_cancellation(number: TypedText, body: Proposal, work: Work, version: IfMatch) -> Act:
    """Propose to cancel at the holder's wish or end."""
    return await commands.propose_act(work, number, action="cancel", version=version, **body.model_dump())


@router.command("/{act_id}/approvals", allow={"office"}, action="approve", shows=ActView)
async def approve_act(act_id: Id, work: Work, version: IfMatch) -> Act:
    """Approve an act that another person proposed; the brand changes at once."""
    return await commands.approve_act(work, act_id, version=version)


@router.command("/{act_id}/refusals", allow={"office"}, action="refuse", shows=ActView)
async def refuse_act(act_id: Id, body: Reason, work: Work, version: IfMatch) -> Act:
    """Refuse an act that another person proposed."""
    return await commands.refuse_act(work, act_id, version=version, reason=body.reason)


@router.query(allow=SEES, lists=ActView)
async def list_acts(
    work: Work,
    paging: Paging,
    number: Annotated[TypedText | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
    waiting_for: WaitingFor = None,
) -> Listed:
    """List the acts, newest first."""
    table = Act.__table__.c
    statement = where_given(
        select(Act.__table__).where(visible(work.actor)),
        (table.number_key, number),
        (table.state, state),
        (table.waits_for, desks(work.actor) if waiting_for else None),
    )
    if waiting_for:
        statement = statement.where(not_(proposed_by_oneself(table, work.actor)))
    sortable = {"proposed_at": table.proposed_at}
    return await page(work, statement, paging, sortable=sortable, sort="-proposed_at", key=table.id)


@router.query("/{act_id}", allow=SEES, shows=ActView)
async def read_act(act_id: Id, work: Work) -> Found:
    """Read one act."""
    return await work.read(acts, act_id)
