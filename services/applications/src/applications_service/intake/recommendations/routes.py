"""`/v1/recommendations` shows the recommenders' decisions; they decide by routes under `/v1/applications/{id}`."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from applications_service.intake.applications.model import Application
from applications_service.intake.applications.routes import ApplicationView, router as applications
from applications_service.intake.recommendations import commands
from applications_service.intake.recommendations.model import Recommendation, Verdict
from applications_service.intake.recommendations.storage import list_query
from common.codes.divisions import DivisionCode
from common.contracts.applications.applications import ChainStage
from common.kernel.text import Id, LongText
from common.web.answers.pagination import Listed, Paging, page, where_given
from common.web.input.parts import Reason
from common.web.input.strict import Schema
from common.web.resources import Resource
from common.web.router import IfMatch, Router, Work

router = Router("recommendations")


class Opinion(Schema):
    """A recommender's opinion; the first recommender confirms a division that nobody has confirmed."""

    opinion: LongText
    confirms_division: bool = False


class NewDesk(Reason):
    """The county or city to which the application belongs."""

    division: DivisionCode


class RecommendationView(Resource):
    """One decision at one stage of the chain."""

    id: str
    application_id: str
    agency: str
    chain_stage: ChainStage
    verdict: Verdict
    opinion: str
    decided_at: datetime


@applications.command(
    "/{application_id}/recommendations", allow={"recommender", "office"}, action="recommend", shows=ApplicationView
)
async def recommend_application(application_id: Id, body: Opinion, work: Work, version: IfMatch) -> Application:
    """Recommend the application at your level, or in the place of a silent recommender."""
    return await commands.recommend_application(work, application_id, version=version, **body.model_dump())


@applications.command(
    "/{application_id}/returns",
    allow={"recommender", "recognition_officer", "office"},
    action="return",
    shows=ApplicationView,
)
async def return_application(application_id: Id, body: Reason, work: Work, version: IfMatch) -> Application:
    """Give the application back for correction."""
    return await commands.return_application(work, application_id, version=version, reason=body.reason)


@applications.command(
    "/{application_id}/hand-backs", allow={"recommender", "office"}, action="hand_back", shows=ApplicationView
)
async def hand_back_application(application_id: Id, body: Reason, work: Work, version: IfMatch) -> Application:
    """Give what came up from a silent recommender back to him, with a new term."""
    return await commands.hand_back_application(work, application_id, version=version, reason=body.reason)


@applications.command("/{application_id}/moves", allow={"recommender", "office"}, action="move", shows=ApplicationView)
async def move_application(application_id: Id, body: NewDesk, work: Work, version: IfMatch) -> Application:
    """Move the application to the county or city to which it belongs; the recommendation begins there again."""
    return await commands.move_application(work, application_id, version=version, **body.model_dump())


@router.query(
    allow={"applicant", "recommender", "recognition_officer", "office", "department", "observer", "partner"},
    lists=RecommendationView,
)
async def list_recommendations(
    work: Work, paging: Paging, application_id: Annotated[Id | None, Query()] = None
) -> Listed:
    """List the decisions on applications that you may see."""
    table = Recommendation.__table__.c
    statement = where_given(list_query(work.actor), (table.application_id, application_id))
    sortable = {"decided_at": table.decided_at}
    return await page(work, statement, paging, sortable=sortable, sort="decided_at", key=table.id)
