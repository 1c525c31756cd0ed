"""`/v1/reviews`: the cases under review."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import select

from common.kernel.text import Id
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.resources import Stateful
from common.web.router import IfMatch, Router, Work
from review_service.cases.reviews import commands
from review_service.cases.reviews.lifecycle import LIFECYCLE, Help, State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import reviews, visible

router = Router("reviews", lifecycle=LIFECYCLE, store=reviews)
SEES = {"recognition_officer", "office", "department", "observer", "partner"}


class Vacancy(BaseModel):
    """A vacant seat: why each expert of the pool cannot take it (how many per reason), and what would help."""

    seat: int
    role: str
    category: str | None
    why: dict[str, int]
    helps: list[Help]


class Hold(BaseModel):
    """Why the office holds a case, and since when."""

    reason: str
    held_at: datetime


class ReviewSummary(Stateful):
    """A case in a list; `on_reserve` says that it may be called up."""

    id: str
    application_id: str
    round_id: str
    honour: str
    applicant_id: str
    applicant: str
    applicant_name: str
    division: str
    item: str
    state: State
    sheets_due_on: date | None
    vacant_seats: int
    rank: int | None
    on_reserve: bool
    hold: Hold | None
    opened_at: datetime


class ReviewView(ReviewSummary):
    """A whole case, without the names of its panel."""

    digest: str
    snapshot: dict[str, Any]
    draw_id: str | None
    vacancies: list[Vacancy]
    shown_until: date | None
    reasons: list[str]


@router.command("/{review_id}/holds", allow={"office"}, action="hold", shows=ReviewView)
async def hold_review(review_id: Id, body: Reason, work: Work, version: IfMatch) -> Review:
    """Hold a case until a question about it is settled."""
    return await commands.hold_review(work, review_id, version=version, reason=body.reason)


@router.command("/{review_id}/releases", allow={"office"}, action="release", shows=ReviewView)
async def release_review(review_id: Id, body: Reason, work: Work, version: IfMatch) -> Review:
    """Release a case that is held."""
    return await commands.release_review(work, review_id, version=version, reason=body.reason)


@router.query(allow=SEES, lists=ReviewSummary)
async def list_reviews(
    work: Work,
    paging: Paging,
    *,
    round_id: Annotated[Id | None, Query()] = None,
    application_id: Annotated[Id | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
    vacant: Annotated[Literal["true"] | None, Query()] = None,
) -> Listed:
    """List the cases that you may see, newest first; `vacant=true` limits it to panels with a vacant seat."""
    table = Review.__table__.c
    statement = where_given(
        select(Review.__table__).where(visible(work.actor)),
        (table.round_id, round_id),
        (table.application_id, application_id),
        (table.state, state),
    )
    if vacant is not None:
        statement = statement.where(table.vacant_seats > 0)
    sortable = {"opened_at": table.opened_at}
    return await page(work, statement, paging, sortable=sortable, sort="-opened_at", key=table.id)


@router.query("/{review_id}", allow=SEES, shows=ReviewView)
async def read_review(review_id: Id, work: Work) -> Found:
    """Read one case."""
    return await work.read(reviews, review_id)
