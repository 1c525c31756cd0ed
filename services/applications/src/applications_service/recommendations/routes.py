"""`/v1/recommendations`: what the recommenders decided and why."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from applications_service.recommendations.model import Recommendation, Verdict
from applications_service.recommendations.storage import list_query
from common.text import ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import Router, Work
from common.web.strict import Resource

router = Router("recommendations")


class RecommendationView(Resource):
    """One decision at one level."""

    id: str
    application_id: str
    agency: str
    level: str
    verdict: Verdict
    opinion: str
    decided_at: datetime


@router.query(allow={"applicant", "recommender", "recognition_officer", "office", "department", "observer", "partner"})
async def list_recommendations(
    work: Work, paging: Paging, application_id: Annotated[ShortText | None, Query()] = None
) -> Page[RecommendationView]:
    """List the decisions on applications that you may see."""
    table = Recommendation.__table__.c
    statement = list_query(work.actor)
    if application_id is not None:
        statement = statement.where(table.application_id == application_id)
    sortable = {"decided_at": table.decided_at}
    return await page(work, statement, paging, RecommendationView, sortable=sortable, sort="decided_at", key=table.id)
