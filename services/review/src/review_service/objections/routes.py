"""`/v1/objections`: what is held against a listed application."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy import select

from common.contracts.review import Verdict
from common.text import LongText, ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import ANYONE, IfMatch, Router, Stateful, Work
from common.web.strict import Schema
from common.worklist import desks
from review_service.objections.commands import answer_objection, file_objection
from review_service.objections.lifecycle import LIFECYCLE, State
from review_service.objections.model import Objection
from review_service.objections.storage import objections, visible

router = Router("objections", lifecycle=LIFECYCLE)


class NewObjection(Schema):
    """An objection, with who objects; that is shown to nobody but those who answer."""

    notice_id: ShortText
    application_id: ShortText
    grounds: LongText
    name: ShortText
    contact: ShortText
    real_name: bool = True


class Answer(Schema):
    """The verdict with its reason."""

    verdict: Verdict
    reason: LongText


class ObjectionView(Stateful):
    """An objection without the person behind it."""

    id: str
    notice_id: str
    review_id: str
    application_id: str
    applicant: str
    grounds: str
    state: State
    filed_at: datetime
    answer: str | None
    answered_at: datetime | None


@router.command(allow=ANYONE, action="file")
async def file(body: NewObjection, work: Work) -> ObjectionView:
    """Object to an application that is on notice."""
    return router.shown(ObjectionView, await work.stored(file_objection(work, **body.model_dump())), work.actor)


@router.command("/{objection_id}/answers", allow={"recognition_officer"}, action=("uphold", "reject"))
async def answer(objection_id: str, body: Answer, work: Work, version: IfMatch) -> ObjectionView:
    """Answer an objection; one that is upheld takes the case off the shortlist."""
    answered = answer_objection(work, objection_id, version=version, **body.model_dump())
    return router.shown(ObjectionView, await work.stored(answered), work.actor)


@router.query(allow=ANYONE)
async def list_objections(
    work: Work,
    paging: Paging,
    state: Annotated[list[State] | None, Query()] = None,
    waiting_for: Annotated[Literal["me"] | None, Query()] = None,
) -> Page[ObjectionView]:
    """List the objections that you may see, the oldest first."""
    table = Objection.__table__.c
    statement = select(Objection.__table__).where(visible(work.actor))
    if state:
        statement = statement.where(table.state.in_(state))
    if waiting_for is not None:
        statement = statement.where(table.waits_for.in_(desks(work.actor)))
    sortable = {"filed_at": table.filed_at}
    return await page(work, statement, paging, ObjectionView, sortable=sortable, sort="filed_at", key=table.id)


@router.query("/{objection_id}", allow=ANYONE)
async def read_objection(objection_id: str, work: Work) -> ObjectionView:
    """Read one objection."""
    return router.shown(ObjectionView, await work.read(objections, objection_id), work.actor)
