"""`/v1/applications`: from the draft to acceptance, and the stage through to the award."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Form, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from applications_service.applications.commands import (
    accept_application,
    attach_file,
    create_application,
    edit_application,
    reject_application,
    request_supplement,
    submit_application,
    supplement_application,
    withdraw_application,
)
from applications_service.applications.lifecycle import LIFECYCLE, State
from applications_service.applications.model import Application, attached
from applications_service.applications.storage import applications, content_for, list_query
from common.actor import Actor, Role
from common.files import ATTACHMENT_TYPES
from common.text import LongText, ShortText, Values, file_name
from common.web.files import FileAnswer, Uploaded
from common.web.pagination import Page, Paging, page
from common.web.router import IfMatch, Router, Stateful, Work
from common.web.strict import Resource, Schema
from common.worklist import desks

router = Router("applications", lifecycle=LIFECYCLE)
SEES = {"applicant", "recommender", "recognition_officer", "office", "department", "observer", "partner"}


class Answers(Schema):
    """The answers to the programme's form; a draft may lack what it will need."""

    answers: Values


class NewApplication(Answers):
    """A draft to begin."""

    round_id: ShortText


class Reason(Schema):
    """Why."""

    reason: LongText


class Reasons(Schema):
    """Why, point by point."""

    reasons: list[LongText] = Field(min_length=1, max_length=20)


class Attachment(BaseModel):
    """A material, named by its content's digest."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    name: str
    digest: str
    size: int
    media_type: str


class ApplicationSummary(Resource):
    """An application in a list."""

    id: str
    round_id: str
    honour: str
    applicant: str
    applicant_name: str
    division: str
    item: str | None
    state: State
    stage: str
    receipt_number: str | None
    submitted_at: datetime | None
    brand_number: str | None


class ApplicationView(ApplicationSummary, Stateful):
    """An application whole, with what the actor may do next."""

    edition: int
    programme_digest: str
    answers: dict[str, Any]
    attachments: list[Attachment]
    recommenders: list[dict[str, str]]
    digest: str | None
    reason: str | None
    supplement_due_on: date | None
    outcome: str | None


class Receipt(Resource):
    """The proof that an application was handed in."""

    application_id: str = Field(validation_alias="id")
    receipt_number: str
    digest: str
    submitted_at: datetime


def shown(application: Any, work: Work) -> ApplicationView:  # noqa: ANN401 -- a row or an aggregate
    """Show an application to the actor of this work, with the content that is his to see."""
    view = router.shown(ApplicationView, application, work.actor, but=_withheld(application, work.actor))
    content = content_for(work.actor, application)
    return view.model_copy(
        update={"answers": content["answers"], "attachments": [*map(Attachment.model_validate, content["attachments"])]}
    )


def _withheld(application: Any, actor: Actor) -> list[str]:  # noqa: ANN401 -- a row or an aggregate
    """Name the moves that the application itself withholds from the actor, though its state has them."""
    withheld = []
    if actor.has(Role.RECOMMENDER) and application.waits_for not in desks(actor):
        withheld += ["recommend", "return"]
    if application.supplement_due_on is not None:
        withheld.append("request_supplement")
    if application.outcome is not None or application.brand_number is not None:
        withheld.append("withdraw")
    return withheld


@router.command(allow={"applicant"}, action="create")
async def create(body: NewApplication, work: Work) -> ApplicationView:
    """Begin a draft in an open round."""
    return shown(await work.stored(create_application(work, **body.model_dump())), work)


@router.command("/{application_id}", allow={"applicant"}, action="edit", method="PUT", status=200)
async def edit(application_id: str, body: Answers, work: Work, version: IfMatch) -> ApplicationView:
    """Replace the content of a draft."""
    return shown(await work.stored(edit_application(work, application_id, version=version, **body.model_dump())), work)


@router.command("/{application_id}/attachments", allow={"applicant"}, action="attach", stores="file")
async def attach(
    application_id: str,
    *,
    kind: Annotated[ShortText, Form(max_length=100)],
    file: UploadFile,
    stored: Uploaded,
    work: Work,
    version: IfMatch,
) -> ApplicationView:
    """Attach a material that the programme asks for."""
    name = file_name(file.filename or "") or kind
    attaching = attach_file(work, application_id, version=version, kind=kind, name=name, file=stored)
    return shown(await work.stored(attaching), work)


@router.query("/{application_id}/attachments/{digest}", allow=SEES, media_types=ATTACHMENT_TYPES)
async def read_attachment(application_id: str, digest: str, work: Work) -> FileAnswer:
    """Read the content of an attachment."""
    application = await work.read(applications, application_id)
    entry = attached(content_for(work.actor, application)["attachments"], digest)
    return FileAnswer(digest, media_type=entry["media_type"])


@router.command(
    "/{application_id}/submissions", allow={"applicant"}, action="submit", location="/v1/applications/{application_id}"
)
async def submit(application_id: str, work: Work, version: IfMatch) -> Receipt:
    """Hand the application in; the receipt names the digest of what was handed in."""
    return Receipt.model_validate(await work.stored(submit_application(work, application_id, version=version)))


@router.command("/{application_id}/supplement-requests", allow={"recognition_officer"}, action="request_supplement")
async def ask_supplement(application_id: str, body: Reason, work: Work, version: IfMatch) -> ApplicationView:
    """Ask the applicant once to complete the materials."""
    return shown(await work.stored(request_supplement(work, application_id, version=version, reason=body.reason)), work)


@router.command("/{application_id}/supplements", allow={"applicant"}, action="supplement")
async def supplement(application_id: str, body: Answers, work: Work, version: IfMatch) -> ApplicationView:
    """Hand in the completed content."""
    return shown(
        await work.stored(supplement_application(work, application_id, version=version, answers=body.answers)), work
    )


@router.command("/{application_id}/acceptances", allow={"recognition_officer"}, action="accept")
async def accept(application_id: str, work: Work, version: IfMatch) -> ApplicationView:
    """Admit the application to the review."""
    return shown(await work.stored(accept_application(work, application_id, version=version)), work)


@router.command("/{application_id}/rejections", allow={"recognition_officer"}, action="reject")
async def reject(application_id: str, body: Reasons, work: Work, version: IfMatch) -> ApplicationView:
    """Refuse the application at acceptance, with reasons."""
    return shown(
        await work.stored(reject_application(work, application_id, version=version, reasons=body.reasons)), work
    )


@router.command("/{application_id}/withdrawals", allow={"applicant"}, action="withdraw")
async def withdraw(application_id: str, body: Reason, work: Work, version: IfMatch) -> ApplicationView:
    """Withdraw the application."""
    return shown(
        await work.stored(withdraw_application(work, application_id, version=version, reason=body.reason)), work
    )


@router.query(allow=SEES)
async def list_applications(
    work: Work,
    paging: Paging,
    state: Annotated[list[State] | None, Query()] = None,
    round_id: Annotated[ShortText | None, Query()] = None,
    waiting_for: Annotated[Literal["me"] | None, Query()] = None,
) -> Page[ApplicationSummary]:
    """List the applications that you may see, newest first; `waiting_for=me` is your worklist."""
    table = Application.__table__.c
    statement = list_query(work.actor)
    if state:
        statement = statement.where(table.state.in_(state))
    if round_id is not None:
        statement = statement.where(table.round_id == round_id)
    if waiting_for is not None:
        statement = statement.where(table.waits_for.in_(desks(work.actor)))
    sortable = {"created_at": table.created_at, "item": table.item}
    return await page(work, statement, paging, ApplicationSummary, sortable=sortable, sort="-created_at", key=table.id)


@router.query("/{application_id}", allow=SEES)
async def read_application(application_id: str, work: Work) -> ApplicationView:
    """Read one application."""
    return shown(await work.read(applications, application_id), work)
