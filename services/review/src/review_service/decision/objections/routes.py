"""`/v1/objections`: objections to a listed application."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import Query, UploadFile
from pydantic import BaseModel
from sqlalchemy import select

from common.contracts.review.objections import Verdict
from common.files.attached import file_of
from common.files.content import ATTACHMENT_TYPES
from common.files.refusals import FileMissing
from common.kernel.actor import ANYONE, Actor, Role
from common.kernel.text import Id, LongText, ReasonText, ShortText, file_name
from common.programme.definition.intake import MAX_MATERIAL_BYTES
from common.storage.work import Found
from common.web.answers.deadlines import Deadlines, deadlines_of
from common.web.answers.desks import OnDesks
from common.web.answers.files import AttachedFile, FileAnswer, Upload, Uploaded
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.decision.objections import commands
from review_service.decision.objections.lifecycle import LIFECYCLE, State
from review_service.decision.objections.model import EVIDENCE, Objection
from review_service.decision.objections.storage import SEES_ALL, objections, visible

router = Router("objections", lifecycle=LIFECYCLE, store=objections)
ANSWER = {"recognition_officer", "office"}


class NewObjection(Schema):
    """An objection with its objector, who is shown only to the officers who answer."""

    notice_id: ShortText
    application_id: ShortText
    grounds: LongText
    name: ShortText
    contact: ShortText
    real_name: bool = True


class Question(Schema):
    """What the firm is asked; it does not name the objector."""

    question: LongText


class Statement(Schema):
    """The firm's position."""

    statement: LongText


class Answer(Schema):
    """The verdict with its reason."""

    verdict: Verdict
    reason: ReasonText


class Objector(BaseModel):
    """Who objects, and how to reach him."""

    name: str
    contact: str
    real_name: bool


class ObjectionView(Stateful):
    """An objection; its objector is shown to the recognition body only, and its text and evidence not to the firm.

    `escalated` says that the recognition body left it unanswered, so that the office deals with it.
    """

    id: str
    notice_id: str
    review_id: str
    application_id: str
    applicant_id: str
    applicant: str
    grounds: str | None
    objector: Objector | None
    evidence: list[AttachedFile]
    state: State
    filed_at: datetime | None
    clock: str | None
    due_on: date | None
    overdue_at: datetime | None
    escalated: bool
    investigation_due_on: date | None
    question: str | None
    hearing_due_on: date | None
    statement: str | None
    stated_at: datetime | None
    answer: str | None
    answered_at: datetime | None

    @classmethod
    def seen_by(cls, source: Any, actor: Actor) -> Self:  # noqa: ANN401 -- a row or an aggregate
        """Hide the objector from all but the recognition body; his text and evidence from the firm as well."""
        hidden: dict[str, Any] = {}
        if not actor.has(Role.RECOGNITION_OFFICER):
            hidden["objector"] = None
        if not sees_evidence(source, actor):
            hidden["evidence"] = []
        if source.filed_by != actor.sub and not actor.roles & SEES_ALL:
            hidden["grounds"] = None
        return super().seen_by(source, actor).model_copy(update=hidden)


def sees_evidence(objection: Any, actor: Actor) -> bool:  # noqa: ANN401 -- a row or an aggregate
    """Return whether the actor sees the evidence, which may give the objector away: its author and who answers do."""
    answers = actor.has(Role.RECOGNITION_OFFICER) or (objection.escalated and actor.has(Role.OFFICE))
    return objection.filed_by == actor.sub or answers


@router.command(allow=ANYONE, action="draft", shows=ObjectionView)
async def draft_objection(body: NewObjection, work: Work) -> Objection:
    """Begin an objection to an application that is on notice."""
    return await commands.draft_objection(work, **body.model_dump())


@router.command(
    "/{objection_id}/evidence",
    allow=ANYONE,
    action="attach",
    stores=Upload("file", limit=MAX_MATERIAL_BYTES),
    shows=ObjectionView,
)
async def attach_evidence(
    objection_id: Id, *, file: UploadFile, stored: Uploaded, work: Work, version: IfMatch
) -> Objection:
    """Attach a piece of evidence to your objection before you file it."""
    name = file_name(file.filename or "") or EVIDENCE
    return await commands.attach_evidence(work, objection_id, version=version, name=name, file=stored)


@router.query("/{objection_id}/evidence/{digest}", allow=ANYONE, media_types=ATTACHMENT_TYPES)
async def read_evidence(objection_id: Id, digest: Id, work: Work) -> FileAnswer:
    """Read the content of a piece of evidence."""
    objection = await work.read(objections, objection_id)
    if not sees_evidence(objection, work.actor):
        raise FileMissing
    entry = file_of(objection.evidence, digest)
    return FileAnswer(digest, media_type=entry["media_type"], name=entry["name"])


@router.command("/{objection_id}/filings", allow=ANYONE, action="file", shows=ObjectionView)
async def file_objection(objection_id: Id, work: Work, version: IfMatch) -> Objection:
    """File your objection with its evidence."""
    return await commands.file_objection(work, objection_id, version=version)


@router.command("/{objection_id}/hearings", allow=ANSWER, action="hear", shows=ObjectionView)
async def open_hearing(objection_id: Id, body: Question, work: Work, version: IfMatch) -> Objection:
    """Ask the firm for its position, within the programme's term."""
    return await commands.open_hearing(work, objection_id, version=version, question=body.question)


@router.command("/{objection_id}/statements", allow={"applicant"}, action="state_position", shows=ObjectionView)
async def state_position(objection_id: Id, body: Statement, work: Work, version: IfMatch) -> Objection:
    """State your firm's position on an objection to its application."""
    return await commands.state_position(work, objection_id, version=version, statement=body.statement)


@router.command("/{objection_id}/answers", allow=ANSWER, action=("uphold", "reject"), shows=ObjectionView)
async def answer_objection(objection_id: Id, body: Answer, work: Work, version: IfMatch) -> Objection:
    """Answer an objection; one that is upheld takes the case off the list."""
    return await commands.answer_objection(work, objection_id, version=version, **body.model_dump())


@router.query(allow=ANYONE, lists=ObjectionView)
async def list_objections(
    work: Work,
    paging: Paging,
    *,
    state: Annotated[list[State] | None, Query()] = None,
    desk: OnDesks,
) -> Listed:
    """List the objections that you may see, the oldest first."""
    table = Objection.__table__.c
    statement = where_given(
        desk.narrow(select(Objection.__table__).where(visible(work.actor)), table, work.actor), (table.state, state)
    )
    sortable = {"drafted_at": table.drafted_at, "due_on": table.due_on}
    return await page(work, statement, paging, sortable=sortable, sort="drafted_at", key=table.id)


@router.query("/{objection_id}", allow=ANYONE, shows=ObjectionView)
async def read_objection(objection_id: Id, work: Work) -> Found:
    """Read one objection."""
    return await work.read(objections, objection_id)


@router.query("/{objection_id}/deadlines", allow=ANYONE)
async def read_objection_deadlines(objection_id: Id, work: Work) -> Deadlines:
    """Read day by day why the term that runs for an objection ends on its day."""
    return deadlines_of(await work.read(objections, objection_id))
