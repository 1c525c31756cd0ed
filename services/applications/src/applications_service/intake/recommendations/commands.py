"""The commands that decide a stage of the recommendation chain: they change the application and store the decision."""

from applications_service.intake.applicants.storage import all_applicants
from applications_service.intake.applications.commands import terms_of
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.refusals import RecommendationLimitReached
from applications_service.intake.applications.storage import applications
from applications_service.intake.recommendations.model import Recommendation, Verdict
from applications_service.intake.recommendations.storage import standing_in
from applications_service.rules.agencies.storage import check_entered
from applications_service.rules.rounds.storage import rounds
from common.contracts.applications.applications import ChainStage
from common.kernel.actor import Role
from common.programme.terms import Terms
from common.storage.work import Work


async def recommend_application(
    work: Work, application_id: str, *, version: int | None, opinion: str, confirms_division: bool
) -> Application:
    """Recommend for the actor's division; the first recommendation may confirm that the applicant belongs to it."""
    await check_entered(work)
    application = await work.get(applications, application_id, version=version)
    round_ = await work.consult(rounds, application.round_id)
    applicant = await work.get(all_applicants, application.applicant)
    if application.belongs_with(applicant, at=work.now):
        application.locate(applicant, at=work.now)  # another application may have confirmed it meanwhile
    terms = await terms_of(work, application)
    stage = application.recommend(
        by=work.actor,
        round_=round_,
        terms=terms,
        opinion=opinion,
        at=work.now,
        confirms_division=confirms_division,
    )
    await _check_limit(work, application, stage, terms)
    if application.belongs_with(applicant, at=work.now) and applicant.division_confirmation is None:
        applicant.confirm_division(dict(application.division_confirmation or {}))
    keep_decision(work, application, stage, Verdict.RECOMMENDED, opinion)
    return application


async def return_application(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """Return the application for correction and store the reason."""
    if not work.actor.has(Role.RECOGNITION_OFFICER):
        await check_entered(work)
    application = await work.get(applications, application_id, version=version)
    stage = application.return_(by=work.actor, terms=await terms_of(work, application), reason=reason)
    keep_decision(work, application, stage, Verdict.RETURNED, reason)
    return application


async def hand_back_application(work: Work, application_id: str, *, version: int | None, reason: str) -> Application:
    """Give the application back to the recommender who was silent, and store the reason."""
    await check_entered(work)
    application = await work.get(applications, application_id, version=version)
    (await work.consult(rounds, application.round_id)).check_recommending(work.now)
    stage = application.hand_back(by=work.actor, terms=await terms_of(work, application), reason=reason)
    keep_decision(work, application, stage, Verdict.HANDED_BACK, reason)
    return application


async def move_application(
    work: Work, application_id: str, *, version: int | None, division: str, reason: str
) -> Application:
    """Move the application to the county or city to which it belongs, and store the reason."""
    await check_entered(work)
    application = await work.get(applications, application_id, version=version)
    round_ = await work.consult(rounds, application.round_id)
    terms = await terms_of(work, application)
    stage = application.move_to(division, by=work.actor, round_=round_, terms=terms, reason=reason, at=work.now)
    keep_decision(work, application, stage, Verdict.MOVED, reason)
    return application


async def _check_limit(work: Work, application: Application, stage: ChainStage, terms: Terms) -> None:
    """Hold the programme's limit of recommendations per agency, also when many recommend at the same instant.

    Raises RecommendationLimitReached.
    """
    limit = terms.programme.recommendation_limit(stage)
    if limit is None:
        return
    await work.alone(f"recommendations:{application.round_id}:{stage}:{work.actor.org}")
    others = await standing_in(work, application.round_id, stage=stage, agency=work.actor.org, but=application.id)
    if others >= limit:
        raise RecommendationLimitReached(limit=limit)


def keep_decision(work: Work, application: Application, stage: ChainStage, verdict: Verdict, opinion: str) -> None:
    """Store the decision of a stage beside the application that it changed."""
    decision = Recommendation(
        id=work.new_id(Recommendation),
        application_id=application.id,
        round_id=application.round_id,
        agency=work.actor.org,
        chain_stage=stage,
        verdict=verdict,
        opinion=opinion,
        decided_by=work.actor.sub,
        decided_at=work.now,
    )
    decision.enter()
    work.add(decision)
