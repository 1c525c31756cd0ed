"""`/v1/deliberations`: the vote, its confirmation by a second person, and the office's decision about it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Form, Query, UploadFile
from pydantic import BaseModel, Field
from sqlalchemy import select

from common.contracts.review.deliberations import Vote
from common.files.attached import file_of
from common.files.content import ATTACHMENT_TYPES
from common.kernel.text import Id, LongText, ShortText, file_name
from common.kernel.worklist import desks
from common.programme.definition.intake import MAX_MATERIAL_BYTES
from common.storage.work import Found
from common.web.answers.files import AttachedFile, FileAnswer, Upload, Uploaded
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason, WaitingFor
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.decision.deliberations import commands
from review_service.decision.deliberations.lifecycle import LIFECYCLE, State
from review_service.decision.deliberations.model import Deliberation
from review_service.decision.deliberations.storage import deliberations, visible
from review_service.decision.rankings.routes import router as rankings
from review_service.decision.rankings.storage import SEES

router = Router("deliberations", lifecycle=LIFECYCLE, store=deliberations)


class VoteFile(StrEnum):
    """What is attached to the record of a vote."""

    BALLOTS = "ballots"
    MINUTES = "minutes"


class Ballot(Schema):
    """The vote of one seat; `member` is who sits on it, by the name that recusals use (`sub`)."""

    seat: Annotated[int, Field(ge=1, le=1000)]
    member: ShortText
    vote: Vote


class NewDeliberation(Schema):
    """The vote on a list, seat by seat, with the minutes; a seat does not count where its member is recused."""

    ranking_id: ShortText
    votes: Annotated[list[Ballot], Field(min_length=1, max_length=1000)]
    minutes: LongText


class SeatView(BaseModel):
    """The vote of one seat, and the applications for which it is not counted."""

    seat: int
    member: str
    vote: Vote
    recused_from: list[str]


class DeliberationView(Stateful):
    """A vote and the office's decision; `items` are the reviews that were voted on, or those confirmed."""

    id: str
    ranking_id: str
    round_id: str
    honour: str
    recognition_body: str
    votes: list[SeatView]
    votes_for: int
    votes_against: int
    abstained: int
    items: list[str]
    minutes: str
    attachments: list[AttachedFile]
    recorded_at: datetime
    concluded_at: datetime | None
    state: State
    reason: str | None
    list_digest: str | None


@router.command(
    allow={"recognition_officer"}, action="record", continues=(rankings, "deliberate"), shows=DeliberationView
)
async def record_deliberation(body: NewDeliberation, work: Work) -> Deliberation:
    """Record the recognition body's vote on a list, seat by seat."""
    return await commands.record_deliberation(work, **body.model_dump())


@router.command(
    "/{deliberation_id}/attachments",
    allow={"recognition_officer"},
    action="attach",
    stores=Upload("file", limit=MAX_MATERIAL_BYTES),
    shows=DeliberationView,
)
async def attach_to_deliberation(
    deliberation_id: Id,
    *,
    kind: Annotated[VoteFile, Form()],
    file: UploadFile,
    stored: Uploaded,
    work: Work,
    version: IfMatch,
) -> Deliberation:
    """Attach the ballots or the minutes."""
    name = file_name(file.filename or "") or kind
    return await commands.attach_file(work, deliberation_id, version=version, kind=kind, name=name, file=stored)


@router.query("/{deliberation_id}/attachments/{digest}", allow=SEES, media_types=ATTACHMENT_TYPES)
async def read_deliberation_attachment(deliberation_id: Id, digest: Id, work: Work) -> FileAnswer:
    """Read the content of the ballots or the minutes."""
    entry = file_of((await work.read(deliberations, deliberation_id)).attachments, digest)
    return FileAnswer(digest, media_type=entry["media_type"], name=entry["name"])


@router.command("/{deliberation_id}/discards", allow={"recognition_officer"}, action="discard", shows=DeliberationView)
async def discard_deliberation(deliberation_id: Id, body: Reason, work: Work, version: IfMatch) -> Deliberation:
    """Discard a record that is wrong, and record the vote again."""
    return await commands.discard_deliberation(work, deliberation_id, version=version, reason=body.reason)


@router.command(
    "/{deliberation_id}/conclusions", allow={"recognition_officer"}, action="conclude", shows=DeliberationView
)
async def conclude_deliberation(deliberation_id: Id, work: Work, version: IfMatch) -> Deliberation:
    """Confirm the record of a vote, as another person than the one who made it."""
    return await commands.conclude_deliberation(work, deliberation_id, version=version)


@router.command("/{deliberation_id}/holds", allow={"office"}, action="hold", shows=DeliberationView)
async def hold_list(deliberation_id: Id, body: Reason, work: Work, version: IfMatch) -> Deliberation:
    """Hold the list until a question is settled."""
    return await commands.hold_list(work, deliberation_id, version=version, reason=body.reason)


@router.command("/{deliberation_id}/confirmations", allow={"office"}, action="confirm", shows=DeliberationView)
async def confirm_list(deliberation_id: Id, work: Work, version: IfMatch) -> Deliberation:
    """Confirm the list as it stands."""
    return await commands.confirm_list(work, deliberation_id, version=version)


@router.command("/{deliberation_id}/returns", allow={"office"}, action="return", shows=DeliberationView)
async def return_list(deliberation_id: Id, body: Reason, work: Work, version: IfMatch) -> Deliberation:
    """Return the list for a new deliberation."""
    return await commands.return_list(work, deliberation_id, version=version, reason=body.reason)


@router.command("/{deliberation_id}/refusals", allow={"office"}, action="refuse", shows=DeliberationView)
async def refuse_list(deliberation_id: Id, body: Reason, work: Work, version: IfMatch) -> Deliberation:
    """Refuse the list: nobody on it is recognised."""
    return await commands.refuse_list(work, deliberation_id, version=version, reason=body.reason)


@router.query(allow=SEES, lists=DeliberationView)
async def list_deliberations(
    work: Work,
    paging: Paging,
    state: Annotated[list[State] | None, Query()] = None,
    waiting_for: WaitingFor = None,
) -> Listed:
    """List the deliberations, newest first."""
    table = Deliberation.__table__.c
    statement = where_given(
        select(Deliberation.__table__).where(visible(work.actor)),
        (table.state, state),
        (table.waits_for, desks(work.actor) if waiting_for else None),
    )
    sortable = {"recorded_at": table.recorded_at}
    return await page(work, statement, paging, sortable=sortable, sort="-recorded_at", key=table.id)


@router.query("/{deliberation_id}", allow=SEES, shows=DeliberationView)
async def read_deliberation(deliberation_id: Id, work: Work) -> Found:
    """Read one deliberation."""
    return await work.read(deliberations, deliberation_id)
