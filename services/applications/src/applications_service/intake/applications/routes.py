"""`/v1/applications`: from the draft to acceptance, and the stage through to the award."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from fastapi import Form, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from applications_service.intake.applicants.routes import DivisionConfirmation
from applications_service.intake.applications import commands
from applications_service.intake.applications.content import attached
from applications_service.intake.applications.lifecycle import LIFECYCLE, State
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.storage import (
    applications,
    content_for,
    list_query,
    materials_for,
    with_materials,
)
from applications_service.intake.applications.verdicts import Decision
from common.contracts.applications.applications import MOST_REASONS, ChainStage
from common.contracts.applications.usccs import UsccException
from common.contracts.review.reviews import WithdrawalOutcome
from common.files.content import ATTACHMENT_TYPES
from common.kernel.actor import Actor
from common.kernel.text import Id, LongText, PointText, ShortText, TypedText, Values, file_name
from common.kernel.values.sizes import ANSWERS, AtMost
from common.programme.definition.intake import MAX_MATERIAL_BYTES
from common.storage.columns import holds
from common.storage.work import Found
from common.web.answers.desks import OnDesks
from common.web.answers.files import AttachedFile, FileAnswer, Upload, Uploaded
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.input.strict import Schema
from common.web.resources import Resource, Stateful
from common.web.router import IfMatch, Router, Work

router = Router("applications", lifecycle=LIFECYCLE, store=applications)
SEES = {"applicant", "recommender", "recognition_officer", "office", "department", "observer", "partner"}
CHECKS = {"applicant", "recommender", "recognition_officer", "office"}


class Answers(Schema):
    """The answers to the programme's form; a draft may be incomplete."""

    answers: Annotated[Values, AtMost(ANSWERS)]


class NewApplication(Answers):
    """A draft to begin."""

    round_id: ShortText


class Reasons(Schema):
    """The reasons, point by point."""

    reasons: list[PointText] = Field(min_length=1, max_length=MOST_REASONS)


class RuleDecision(Schema):
    """A decision about one rule that the facts of the application do not decide."""

    rule: ShortText = Field(description="The code of the rule in the programme.", examples=["has_a_quality_system"])
    holds: bool = Field(
        description="Whether the application meets the rule; for a veto rule, that nothing excludes it."
    )
    reason: LongText

    def decision(self) -> Decision:
        """Return the decision as the model takes it."""
        return Decision(**self.model_dump())


class Acceptance(Schema):
    """The decisions about the rules that the facts do not decide; without such a rule the body may be left out."""

    decisions: list[RuleDecision] = Field(default_factory=list, max_length=100)


class DecidedRule(BaseModel):
    """A rule that the facts did not decide, in both languages, with the officer's decision and his reason."""

    model_config = ConfigDict(from_attributes=True)

    rule: str
    zh: str
    en: str
    holds: bool
    reason: str


class Withdrawal(BaseModel):
    """A request to withdraw an accepted application, and the review's answer once there is one."""

    model_config = ConfigDict(from_attributes=True)

    reason: str
    requested_at: datetime
    outcome: WithdrawalOutcome | None = None
    note: str | None = None
    settled_at: datetime | None = None


class RuleOrigin(StrEnum):
    """Whose rule it is: that of every application, of the register, or of the programme's two kinds."""

    INTAKE = "intake"
    REGISTER = "register"
    ELIGIBILITY = "eligibility"
    VETO = "veto"


class RuleVerdict(StrEnum):
    """The answer to a rule; `unknown` is one that the facts do not decide."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class SourceDepartment(BaseModel):
    """The member department that answers for the facts of a rule."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(examples=["taxation"])
    zh: str
    en: str


class RuleAnswer(BaseModel):
    """The answer to one rule: its code, its verdict, the values that decided, and who answers for the facts."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(examples=["live_title_in_scope"])
    kind: RuleOrigin
    verdict: RuleVerdict
    zh: str
    en: str
    values: dict[str, Any]
    source_department: SourceDepartment | None


class FormalCheck(BaseModel):
    """The answers to every rule under one edition, at an instant."""

    model_config = ConfigDict(from_attributes=True)

    edition: int
    programme_digest: str
    checked_at: datetime
    results: list[RuleAnswer]


class CheckView(Resource, FormalCheck):
    """The answers to every rule now; `version` is that of the application."""


class ApplicationSummary(Stateful):
    """An application in a list."""

    id: str
    round_id: str
    honour: str
    applicant_id: str
    applicant: str
    uscc: str | None
    applicant_name: str
    division: str
    item: str | None
    priorities: list[str]
    state: State
    stage: str
    receipt_number: str | None
    submitted_at: datetime | None
    brand_number: str | None
    clock: str | None
    due_on: date | None
    overdue_at: datetime | None


class ApplicationView(ApplicationSummary):
    """A whole application."""

    edition: int
    programme_digest: str
    answers: dict[str, Any]
    attachments: list[AttachedFile]
    recommenders: list[dict[str, str]]
    digest: str | None
    reason: str | None
    supplement_due_on: date | None
    escalated_from: ChainStage | None
    outcome: str | None
    decisions: list[DecidedRule]
    withdrawal: Withdrawal | None
    division_confirmation: DivisionConfirmation | None
    uscc_exception: UsccException | None
    formal_check: FormalCheck | None

    @classmethod
    def seen_by(cls, source: Any, actor: Actor) -> Self:  # noqa: ANN401 -- a row or an aggregate
        """Show the content that the actor may see: agencies see the submitted content, never a draft."""
        content = content_for(actor, source)
        attachments = [*map(AttachedFile.model_validate, content["attachments"])]
        return (
            super()
            .seen_by(source, actor)
            .model_copy(update={"answers": content["answers"], "attachments": attachments})
        )


class Receipt(Stateful):
    """The proof that an application was submitted; `warnings` are the rules that it breaks, to be mended in time."""

    application_id: str = Field(validation_alias="id")
    receipt_number: str
    digest: str
    submitted_at: datetime
    warnings: list[RuleAnswer]


@router.command(allow={"applicant"}, action="create", shows=ApplicationView)
async def create_application(body: NewApplication, work: Work) -> Application:
    """Begin a draft in an open round."""
    return await commands.create_application(work, **body.model_dump())


@router.command(
    "/{application_id}", allow={"applicant"}, action="edit", method="PUT", status=200, shows=ApplicationView
)
async def edit_application(application_id: Id, body: Answers, work: Work, version: IfMatch) -> Application:
    """Replace the content of a draft."""
    return await commands.edit_application(work, application_id, version=version, **body.model_dump())


@router.command(
    "/{application_id}/attachments",
    allow={"applicant"},
    action="attach",
    stores=Upload("file", limit=MAX_MATERIAL_BYTES),
    shows=ApplicationView,
)
async def attach_file(
    application_id: Id,
    *,
    kind: Annotated[ShortText, Form(max_length=100)],
    file: UploadFile,
    stored: Uploaded,
    work: Work,
    version: IfMatch,
) -> Application:
    """Attach a material that the programme asks for."""
    name = file_name(file.filename or "") or kind
    return await commands.attach_file(work, application_id, version=version, kind=kind, name=name, file=stored)


@router.command(
    "/{application_id}/attachments/{digest}",
    allow={"applicant"},
    action="detach",
    method="DELETE",
    status=200,
    shows=ApplicationView,
)
async def detach_file(
    application_id: Id, digest: Id, kind: Annotated[ShortText, Query()], work: Work, version: IfMatch
) -> Application:
    """Remove a material that has not been handed in yet."""
    return await commands.detach_file(work, application_id, version=version, kind=kind, file_digest=digest)


@router.query("/{application_id}/attachments/{digest}", allow={*SEES, "expert"}, media_types=ATTACHMENT_TYPES)
async def read_attachment(application_id: Id, digest: Id, work: Work) -> FileAnswer:
    """Read the content of an attachment; an expert reads those of the cases that he judges."""
    application = await work.read(with_materials, application_id)
    entry = attached(await materials_for(work, application), digest)
    return FileAnswer(digest, media_type=entry["media_type"], name=entry["name"])


@router.command(
    "/{application_id}/submissions",
    allow={"applicant"},
    action="submit",
    location="/v1/applications/{application_id}",
    shows=Receipt,
)
async def submit_application(application_id: Id, work: Work, version: IfMatch) -> Application:
    """Hand the application in; the receipt names the digest of what was handed in."""
    return await commands.submit_application(work, application_id, version=version)


@router.command("/{application_id}/checks", allow=CHECKS, status=200, shows=CheckView)
async def check_application(application_id: Id, work: Work) -> dict[str, Any]:
    """Answer every rule about the application, without submitting it."""
    return await commands.check_application(work, application_id)


@router.command(
    "/{application_id}/supplement-requests",
    allow={"recognition_officer"},
    action="request_supplement",
    shows=ApplicationView,
)
async def request_supplement(application_id: Id, body: Reason, work: Work, version: IfMatch) -> Application:
    """Ask the applicant once to complete the materials."""
    return await commands.request_supplement(work, application_id, version=version, reason=body.reason)


@router.command(
    "/{application_id}/supplement-extensions",
    allow={"recognition_officer"},
    action="extend_supplement",
    shows=ApplicationView,
)
async def extend_supplement(application_id: Id, body: Reason, work: Work, version: IfMatch) -> Application:
    """Give the applicant, once, a second term for an overdue supplement."""
    return await commands.extend_supplement(work, application_id, version=version, reason=body.reason)


@router.command("/{application_id}/supplements", allow={"applicant"}, action="supplement", shows=ApplicationView)
async def supplement_application(application_id: Id, body: Answers, work: Work, version: IfMatch) -> Application:
    """Hand in the completed content."""
    return await commands.supplement_application(work, application_id, version=version, answers=body.answers)


@router.command("/{application_id}/acceptances", allow={"recognition_officer"}, action="accept", shows=ApplicationView)
async def accept_application(
    application_id: Id, work: Work, version: IfMatch, body: Acceptance | None = None
) -> Application:
    """Admit the application to the review, deciding about each rule that its facts do not decide."""
    decisions = [] if body is None else [each.decision() for each in body.decisions]
    return await commands.accept_application(work, application_id, version=version, decisions=decisions)


@router.command("/{application_id}/rejections", allow={"recognition_officer"}, action="reject", shows=ApplicationView)
async def reject_application(application_id: Id, body: Reasons, work: Work, version: IfMatch) -> Application:
    """Refuse the application at acceptance, or after the applicant let his term pass, with reasons."""
    return await commands.reject_application(work, application_id, version=version, reasons=body.reasons)


@router.command("/{application_id}/withdrawals", allow={"applicant"}, action="withdraw", shows=ApplicationView)
async def withdraw_application(application_id: Id, body: Reason, work: Work, version: IfMatch) -> Application:
    """Withdraw the application; once it is accepted, the review decides whether it is not too late."""
    return await commands.withdraw_application(work, application_id, version=version, reason=body.reason)


@router.query(allow=SEES, lists=ApplicationSummary)
async def list_applications(
    work: Work,
    paging: Paging,
    *,
    state: Annotated[list[State] | None, Query()] = None,
    round_id: Annotated[Id | None, Query()] = None,
    priority: Annotated[TypedText | None, Query()] = None,
    desk: OnDesks,
) -> Listed:
    """List the applications that you may see, newest first; `waiting_for=me` is your worklist."""
    table = Application.__table__.c
    statement = where_given(
        desk.narrow(list_query(work.actor), table, work.actor), (table.state, state), (table.round_id, round_id)
    )
    if priority is not None:
        statement = statement.where(holds(Application.priorities, priority))
    sortable = {"created_at": table.created_at, "item": table.item, "due_on": table.due_on}
    return await page(work, statement, paging, sortable=sortable, sort="-created_at", key=table.id)


@router.query("/{application_id}", allow=SEES, shows=ApplicationView)
async def read_application(application_id: Id, work: Work) -> Found:
    """Read one application."""
    return await work.read(applications, application_id)
