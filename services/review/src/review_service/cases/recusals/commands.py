"""The commands that declare and lift a recusal."""

from common.storage.work import Work
from review_service.cases.recusals.model import Recusal
from review_service.cases.recusals.refusals import RecusalOfAnother
from review_service.cases.recusals.storage import SUPERVISES, recusals


async def declare_recusal(work: Work, *, person: str | None, applicant: str, reason: str) -> Recusal:
    """Bind a person, by default the actor himself, from acting on an applicant's cases."""
    if person not in {None, work.actor.sub} and not work.actor.roles & SUPERVISES:
        raise RecusalOfAnother
    recusal = Recusal(
        id=work.new_id(Recusal),
        person=person or work.actor.sub,
        applicant=applicant,
        reason=reason,
        declared_at=work.now,
        declared_by=work.actor.sub,
    )
    recusal.declare()
    return work.add(recusal)


async def lift_recusal(work: Work, recusal_id: str, *, version: int | None, reason: str) -> Recusal:
    """Lift a recusal whose reason does not hold; the person himself cannot."""
    recusal = await work.get(recusals, recusal_id, version=version)
    recusal.lift(by=work.actor, reason=reason)
    return recusal
