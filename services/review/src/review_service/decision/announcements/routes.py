"""`/v1/announcements`: the recognised cases, each with its document and its effective day."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.kernel.actor import PUBLIC
from common.kernel.text import Id, ShortText, TypedText
from common.kernel.values.times import ActDay
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import Router, Work
from review_service.decision.announcements import commands
from review_service.decision.announcements.lifecycle import LIFECYCLE, State
from review_service.decision.announcements.model import Announcement
from review_service.decision.announcements.storage import announcements
from review_service.decision.deliberations.routes import router as deliberations

router = Router("announcements", lifecycle=LIFECYCLE, store=announcements)


class NewAnnouncement(Schema):
    """The document that makes a confirmed list effective."""

    deliberation_id: ShortText
    document_number: ShortText
    effective_on: ActDay


class AnnouncementView(Stateful):
    """An announcement with its whole list, and who recognised and confirmed it, in the programme's words."""

    id: str
    deliberation_id: str
    list_digest: str
    round_id: str
    honour: str
    year: int
    document_number: str
    effective_on: date
    published_at: datetime
    recognised_by: dict[str, str]
    confirmed_by: dict[str, str]
    items: list[dict[str, Any]]
    state: State


@router.command(allow={"office"}, action="publish", continues=(deliberations, "announce"), shows=AnnouncementView)
async def publish_announcement(body: NewAnnouncement, work: Work) -> Announcement:
    """Publish the announcement of a confirmed list."""
    return await commands.publish_announcement(work, **body.model_dump())


@router.query(allow=PUBLIC, lists=AnnouncementView)
async def list_announcements(work: Work, paging: Paging, honour: Annotated[TypedText | None, Query()] = None) -> Listed:
    """List the announcements, newest first."""
    table = Announcement.__table__.c
    statement = where_given(select(Announcement.__table__), (table.honour, honour))
    sortable = {"published_at": table.published_at}
    return await page(work, statement, paging, sortable=sortable, sort="-published_at", key=table.id)


@router.query("/{announcement_id}", allow=PUBLIC, shows=AnnouncementView)
async def read_announcement(announcement_id: Id, work: Work) -> Found:
    """Read one announcement."""
    return await work.read(announcements, announcement_id)
