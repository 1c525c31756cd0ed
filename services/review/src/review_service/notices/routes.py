"""`/v1/notices`: what the public may object to, and until when."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import PUBLIC, Router, Work
from common.web.strict import Resource, Schema
from review_service.notices.commands import publish_notice
from review_service.notices.lifecycle import LIFECYCLE
from review_service.notices.model import Notice
from review_service.notices.storage import notices

router = Router("notices", lifecycle=LIFECYCLE)


class NewNotice(Schema):
    """Which list to show."""

    ranking_id: ShortText


class NoticeView(Resource):
    """A notice."""

    id: str
    ranking_id: str
    round_id: str
    honour: str
    year: int
    opens_on: date
    closes_on: date
    estimated: bool
    published_at: datetime
    items: list[dict[str, Any]]


@router.command(allow={"recognition_officer"}, action="publish")
async def publish_shortlist(body: NewNotice, work: Work) -> NoticeView:
    """Show the shortlist to the public."""
    return NoticeView.model_validate(await work.stored(publish_notice(work, ranking_id=body.ranking_id)))


@router.query(allow=PUBLIC)
async def list_notices(
    work: Work, paging: Paging, honour: Annotated[ShortText | None, Query()] = None
) -> Page[NoticeView]:
    """List the notices, newest first."""
    table = Notice.__table__.c
    statement = select(Notice.__table__)
    if honour is not None:
        statement = statement.where(table.honour == honour)
    sortable = {"published_at": table.published_at}
    return await page(work, statement, paging, NoticeView, sortable=sortable, sort="-published_at", key=table.id)


@router.query("/{notice_id}", allow=PUBLIC)
async def read_notice(notice_id: str, work: Work) -> NoticeView:
    """Read one notice."""
    return NoticeView.model_validate(await work.read(notices, notice_id))
