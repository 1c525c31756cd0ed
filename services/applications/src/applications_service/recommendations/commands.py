"""How a recommender decides: the application moves and his decision is kept beside it."""

from applications_service.applications.commands import programme_of, recommender, return_application
from applications_service.applications.model import Application
from applications_service.applications.refusals import NotYourLevel
from applications_service.applications.storage import applications
from applications_service.recommendations.model import Recommendation, Verdict
from common.divisions import Level
from common.storage.work import Work


async def recommend_application(work: Work, application_id: str, *, version: int | None, opinion: str) -> Application:
    """Recommend at the actor's level."""
    application = await work.get(applications, application_id, version=version)
    by = recommender(work.actor)
    if by is None:
        raise NotYourLevel(level="推荐")
    application.recommend(by=by, programme=await programme_of(work, application), opinion=opinion, at=work.now)
    _keep(work, application, Verdict.RECOMMENDED, opinion)
    return application


async def return_with_opinion(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """Give it back for correction and keep why."""
    application = await return_application(work, application_id, version=version, reason=reason)
    _keep(work, application, Verdict.RETURNED, reason)
    return application


def _keep(work: Work, application: Application, verdict: Verdict, opinion: str) -> None:
    by = recommender(work.actor)
    decision = Recommendation(
        id=work.new_id("rec"),
        application_id=application.id,
        agency=work.actor.org,
        level=(by.level if by else Level.PROVINCE).value,
        verdict=verdict,
        opinion=opinion,
        decided_by=work.actor.sub,
        decided_at=work.now,
    )
    decision.enter()
    work.add(decision)
