"""Recommendations are visible to everybody who sees the application."""

from typing import Any

from sqlalchemy import Select, distinct, exists, func, select
from sqlalchemy.orm import aliased

from applications_service.intake.applications.lifecycle import State
from applications_service.intake.applications.model import Application
from applications_service.intake.applications.storage import visible
from applications_service.intake.recommendations.model import Recommendation, Verdict
from common.contracts.applications.applications import ChainStage
from common.kernel.actor import Actor
from common.storage.work import Work


def list_query(actor: Actor) -> Select[Any]:
    """Select the decisions on applications that the actor sees."""
    seen = select(Application.id).where(visible(actor))
    return select(Recommendation.__table__).where(Recommendation.application_id.in_(seen))


async def standing_in(work: Work, round_id: str, *, stage: ChainStage, agency: str, but: str) -> int:
    """Count the applications of a round, but for one, that an agency has recommended at a stage of the chain.

    A recommendation does not count while the application is back with its applicant, nor after he has ended
    it, nor after it was moved to another desk.
    """
    returned = aliased(Recommendation)
    taken_back = exists().where(
        returned.application_id == Recommendation.application_id,
        returned.verdict.in_((Verdict.RETURNED, Verdict.MOVED)),
        returned.id > Recommendation.id,
    )
    ended = (State.RETURNED, State.WITHDRAWN, State.LAPSED)
    asked = (
        select(func.count(distinct(Recommendation.application_id)))
        .join(Application, Application.id == Recommendation.application_id)
        .where(
            Recommendation.round_id == round_id,
            Recommendation.application_id != but,
            Recommendation.agency == agency,
            Recommendation.chain_stage == stage,
            Recommendation.verdict == Verdict.RECOMMENDED,
            Application.state.not_in(ended),
            ~taken_back,
        )
    )
    return await work.count(asked)
