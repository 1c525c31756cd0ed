"""`/v1/notices`: the lists to which the public may object, each with its last day."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.kernel.actor import PUBLIC
from common.kernel.text import Id, ShortText, TypedText
from common.storage.work import Found
from common.web.answers.deadlines import Deadlines, explained
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.strict import Schema
from common.web.resources import Stateful
from common.web.router import Router, Work
from review_service.decision.notices import commands
from review_service.decision.notices.lifecycle import LIFECYCLE, State
from review_service.decision.notices.model import Notice
from review_service.decision.notices.storage import notices
from review_service.decision.rankings.routes import router as rankings

router = Router("notices", lifecycle=LIFECYCLE, store=notices)


class NewNotice(Schema):
    """The list to show."""

    ranking_id: ShortText


class NoticeView(Stateful):
    """A notice in the programme's words; `objecting` says how one objects."""

    id: str
    ranking_id: str
    round_id: str
    honour: str
    year: int
    opens_on: date
    closes_on: date
    estimated: bool
    published_at: datetime
    supplementary: bool
    text: dict[str, str]
    objecting: dict[str, str]
    items: list[dict[str, Any]]
    state: State


@router.command(
    allow={"recognition_officer"}, action="publish", continues=(rankings, "publish_notice"), shows=NoticeView
)
async def publish_notice(body: NewNotice, work: Work) -> Notice:
    """Show the cases of the shortlist that no notice has shown yet to the public."""
    return await commands.publish_notice(work, ranking_id=body.ranking_id)


@router.query(allow=PUBLIC, lists=NoticeView)
async def list_notices(work: Work, paging: Paging, honour: Annotated[TypedText | None, Query()] = None) -> Listed:
    """List the notices, newest first."""
    table = Notice.__table__.c
    statement = where_given(select(Notice.__table__), (table.honour, honour))
    sortable = {"published_at": table.published_at}
    return await page(work, statement, paging, sortable=sortable, sort="-published_at", key=table.id)


@router.query("/{notice_id}", allow=PUBLIC, shows=NoticeView)
async def read_notice(notice_id: Id, work: Work) -> Found:
    """Read one notice."""
    return await work.read(notices, notice_id)


@router.query("/{notice_id}/deadlines", allow=PUBLIC)
async def read_notice_deadlines(notice_id: Id, work: Work) -> Deadlines:
    """Read day by day why a notice ends on its day."""
    notice = await work.read(notices, notice_id)
    return Deadlines(items=[explained("notice", notice.closes_on, notice.counting)])
