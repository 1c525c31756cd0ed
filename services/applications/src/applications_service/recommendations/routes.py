"""`/v1/recommendations`: what the recommenders decided and why; and how they decide, under `/v1/applications/{id}`."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from applications_service.applications.routes import ApplicationView, Reason, router as applications, shown
from applications_service.recommendations.commands import recommend_application, return_with_opinion
from applications_service.recommendations.model import Recommendation, Verdict
from applications_service.recommendations.storage import list_query
from common.text import LongText, ShortText
from common.web.pagination import Page, Paging, page
from common.web.router import IfMatch, Router, Work
from common.web.strict import Resource, Schema

router = Router("recommendations")


class Opinion(Schema):
    """A recommender's opinion."""

    opinion: LongText


class RecommendationView(Resource):
    """One decision at one level."""

    id: str
    application_id: str
    agency: str
    level: str
    verdict: Verdict
    opinion: str
    decided_at: datetime


@applications.command("/{application_id}/recommendations", allow={"recommender"}, action="recommend")
async def recommend(application_id: str, body: Opinion, work: Work, version: IfMatch) -> ApplicationView:
    """Recommend the application at your level."""
    return shown(
        await work.stored(recommend_application(work, application_id, version=version, opinion=body.opinion)), work
    )


@applications.command("/{application_id}/returns", allow={"recommender", "recognition_officer"}, action="return")
async def return_application(application_id: str, body: Reason, work: Work, version: IfMatch) -> ApplicationView:
    """Give the application back for correction."""
    return shown(
        await work.stored(return_with_opinion(work, application_id, version=version, reason=body.reason)), work
    )


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
