"""`/v1/announcements`: what has been recognised, by which document and from which day."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import PUBLIC, Router, Work
from common.web.strict import Resource, Schema
from review_service.announcements.commands import publish_announcement
from review_service.announcements.lifecycle import LIFECYCLE
from review_service.announcements.model import Announcement
from review_service.announcements.storage import announcements

router = Router("announcements", lifecycle=LIFECYCLE)


class NewAnnouncement(Schema):
    """The document that makes a confirmed list effective."""

    deliberation_id: ShortText
    document_number: ShortText
    effective_on: date


class AnnouncementView(Resource):
    """An announcement with its whole list."""

    id: str
    round_id: str
    honour: str
    year: int
    document_number: str
    effective_on: date
    published_at: datetime
    items: list[dict[str, Any]]


@router.command(allow={"office"}, action="publish")
async def announce(body: NewAnnouncement, work: Work) -> AnnouncementView:
    """Publish the announcement of a confirmed list."""
    return AnnouncementView.model_validate(await work.stored(publish_announcement(work, **body.model_dump())))


@router.query(allow=PUBLIC)
async def list_announcements(
    work: Work, paging: Paging, honour: Annotated[ShortText | None, Query()] = None
) -> Page[AnnouncementView]:
    """List the announcements, newest first."""
    table = Announcement.__table__.c
    statement = select(Announcement.__table__)
    if honour is not None:
        statement = statement.where(table.honour == honour)
    sortable = {"published_at": table.published_at}
    return await page(work, statement, paging, AnnouncementView, sortable=sortable, sort="-published_at", key=table.id)


@router.query("/{announcement_id}", allow=PUBLIC)
async def read_announcement(announcement_id: str, work: Work) -> AnnouncementView:
    """Read one announcement."""
    return AnnouncementView.model_validate(await work.read(announcements, announcement_id))
