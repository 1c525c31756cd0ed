"""`/v1/registrations`: the recognised titles and, of those that wait, the grounds that are missing."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import select

from common.contracts.review.reviews import ReviewCompleted
from common.kernel.text import Id
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from registry_service.register.registrations import commands
from registry_service.register.registrations.lifecycle import LIFECYCLE, State
from registry_service.register.registrations.model import Registration
from registry_service.register.registrations.storage import SEES, Finding, Ground, grounds_of, registrations, visible

router = Router("registrations", lifecycle=LIFECYCLE, store=registrations)


class RegistrationView(Stateful):
    """A recognised title on its way into the register."""

    id: str
    review_id: str
    application_id: str
    applicant_id: str
    applicant: str
    applicant_name: str
    honour: str
    year: int
    item: str
    received_at: datetime
    state: State
    brand_number: str | None
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


class GroundView(BaseModel):
    """One ground: known and agreeing, missing, or contradicting in the members that are named."""

    ground: str
    finding: Finding
    members: list[str]


class Grounds(BaseModel):
    """Every ground of a registration, as it is now."""

    id: str
    items: list[GroundView]


@router.query(allow=SEES, lists=RegistrationView)
async def list_registrations(
    work: Work,
    paging: Paging,
    state: Annotated[list[State] | None, Query()] = None,
    application_id: Annotated[Id | None, Query()] = None,
) -> Listed:
    """List the registrations, oldest first."""
    table = Registration.__table__.c
    statement = where_given(
        select(Registration.__table__).where(visible(work.actor)),
        (table.state, state),
        (table.application_id, application_id),
    )
    return await page(
        work, statement, paging, sortable={"received_at": table.received_at}, sort="received_at", key=table.id
    )


@router.query("/{registration_id}", allow=SEES, shows=RegistrationView)
async def read_registration(registration_id: Id, work: Work) -> Found:
    """Read one registration."""
    return await work.read(registrations, registration_id)


@router.query("/{registration_id}/grounds", allow=SEES)
async def read_registration_grounds(registration_id: Id, work: Work) -> Grounds:
    """Read which grounds of a waiting registration are missing or contradict it; of a decided one there are none."""
    found = await work.read(registrations, registration_id)
    event = ReviewCompleted.model_validate(found.claim)
    if found.state is not State.WAITING or event.registration is None:
        return Grounds(id=found.id, items=[])
    grounds = await grounds_of(work, event, event.registration)
    return Grounds(id=found.id, items=[_shown(ground) for ground in grounds])


def _shown(ground: Ground) -> GroundView:
    return GroundView(ground=ground.name, finding=ground.finding, members=list(ground.contradicting))


@router.command("/{registration_id}/releases", allow={"office"}, action="release", shows=RegistrationView)
async def release_registration(registration_id: Id, body: Reason, work: Work, version: IfMatch) -> Registration:
    """Have the grounds of a waiting registration looked up again, after the cause was repaired."""
    return await commands.release_registration(work, registration_id, version=version, reason=body.reason)


@router.command("/{registration_id}/refusals", allow={"office"}, action="refuse", shows=RegistrationView)
async def refuse_registration(registration_id: Id, body: Reason, work: Work, version: IfMatch) -> Registration:
    """Refuse to register a recognition whose grounds are missing or contradict it."""
    return await commands.refuse_registration(work, registration_id, version=version, reason=body.reason)
