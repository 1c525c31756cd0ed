"""How a list is voted on, and what the leading group's office decides about it."""

from common.clock import SHANGHAI
from common.storage.work import Work
from review_service.deliberations.model import Deliberation
from review_service.deliberations.storage import deliberations
from review_service.notices.model import Notice
from review_service.notices.storage import notices
from review_service.objections.refusals import ObjectionOpen
from review_service.objections.storage import open_objections
from review_service.rankings.storage import rankings
from review_service.reviews.lifecycle import State as ReviewState
from review_service.reviews.model import Review
from review_service.reviews.storage import cases
from review_service.rounds.storage import programme_of

REFUSED = "list-refused"


async def conclude_deliberation(
    work: Work, *, ranking_id: str, votes_for: int, votes_against: int, abstained: int, minutes: str
) -> Deliberation:
    """Vote on a list whose notice has run out and whose objections have been answered."""
    ranking = await work.get(rankings, ranking_id)
    ranking.go("deliberate")
    for notice in await work.find(notices, Notice.ranking_id == ranking.id):
        notice.check_closed(work.now.astimezone(SHANGHAI).date())
    if unanswered := await open_objections(work, ranking.round_id):
        raise ObjectionOpen(count=unanswered)
    deliberation = Deliberation(
        id=work.new_id("dlb"),
        ranking_id=ranking.id,
        round_id=ranking.round_id,
        honour=ranking.honour,
        recognition_body=work.actor.org,
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=abstained,
        minutes=minutes,
        concluded_at=work.now,
        concluded_by=work.actor.sub,
    )
    deliberation.conclude(await programme_of(work, ranking.round_id))
    return work.add(deliberation)


async def hold_list(work: Work, deliberation_id: str, *, version: int | None, reason: str) -> Deliberation:
    """Hold the list."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.hold(org=work.actor.org, reason=reason)
    return deliberation


async def confirm_list(work: Work, deliberation_id: str, *, version: int | None) -> Deliberation:
    """Confirm the list."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.confirm(org=work.actor.org)
    return deliberation


async def return_list(work: Work, deliberation_id: str, *, version: int | None, reason: str) -> Deliberation:
    """Send the list back; it can be deliberated again."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.return_(org=work.actor.org, reason=reason)
    (await work.get(rankings, deliberation.ranking_id)).go("take_back")
    return deliberation


async def refuse_list(work: Work, deliberation_id: str, *, version: int | None, reason: str) -> Deliberation:
    """Refuse the list: every case of the round ends without recognition."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.refuse(org=work.actor.org, reason=reason)
    (await work.get(rankings, deliberation.ranking_id)).go("refuse")
    undecided = (ReviewState.SHORTLISTED, ReviewState.OUTSIDE)
    for review in await work.find(cases, Review.round_id == deliberation.round_id, Review.state.in_(undecided)):
        review.decline(reason=REFUSED)
    return deliberation
