"""`/v1/reviews`: the cases under review."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import select

from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import Router, Stateful, Work
from common.web.strict import Resource
from review_service.reviews.lifecycle import LIFECYCLE, State
from review_service.reviews.model import Review
from review_service.reviews.storage import reviews, visible

router = Router("reviews", lifecycle=LIFECYCLE)
SEES = {"recognition_officer", "office", "department", "observer", "partner"}


class ReviewSummary(Resource):
    """A case in a list; scores are shown on the single case, to those who may see them."""

    id: str
    application_id: str
    round_id: str
    honour: str
    applicant: str
    applicant_name: str
    division: str
    item: str
    state: State
    rank: int | None
    opened_at: datetime


class ReviewView(ReviewSummary, Stateful):
    """A case whole, without anybody's name on the panel."""

    digest: str
    snapshot: dict[str, Any]
    draw_id: str | None
    reasons: list[str]


@router.query(allow=SEES)
async def list_reviews(
    work: Work,
    paging: Paging,
    round_id: Annotated[ShortText | None, Query()] = None,
    application_id: Annotated[ShortText | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
) -> Page[ReviewSummary]:
    """List the cases that you may see, newest first."""
    table = Review.__table__.c
    statement = select(Review.__table__).where(visible(work.actor))
    if round_id is not None:
        statement = statement.where(table.round_id == round_id)
    if application_id is not None:
        statement = statement.where(table.application_id == application_id)
    if state:
        statement = statement.where(table.state.in_(state))
    sortable = {"opened_at": table.opened_at}
    return await page(work, statement, paging, ReviewSummary, sortable=sortable, sort="-opened_at", key=table.id)


@router.query("/{review_id}", allow=SEES)
async def read_review(review_id: str, work: Work) -> ReviewView:
    """Read one case."""
    return router.shown(ReviewView, await work.read(reviews, review_id), work.actor)
