"""The command that lifts a recusal, and what one that is declared holds (`panel/seats` declares it)."""

from common.storage.work import Work
from review_service.cases.recusals.model import Recusal
from review_service.cases.recusals.refusals import RecusalOfAnother
from review_service.cases.recusals.storage import SUPERVISES, recusals


def recusal_of(work: Work, *, person: str | None, applicant: str, reason: str) -> Recusal:
    """Return the recusal of a person, by default the actor himself, from an applicant's cases.

    Raises RecusalOfAnother.
    """
    if person not in {None, work.actor.sub} and not work.actor.roles & SUPERVISES:
        raise RecusalOfAnother
    return Recusal(
        id=work.new_id(Recusal),
        person=person or work.actor.sub,
        applicant=applicant,
        reason=reason,
        declared_at=work.now,
        declared_by=work.actor.sub,
    )


async def lift_recusal(work: Work, recusal_id: str, *, version: int | None, reason: str) -> Recusal:
    """Lift a recusal whose reason does not hold; the person himself cannot."""
    recusal = await work.get(recusals, recusal_id, version=version)
    recusal.lift(by=work.actor, reason=reason)
    return recusal
