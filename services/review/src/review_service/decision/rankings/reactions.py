"""The reaction of a list to a request to withdraw: a place that becomes vacant goes to the reserve."""

from common.contracts.applications.applications import WithdrawalRequested
from common.contracts.review.rankings import LeavingGround
from common.storage.work import Work
from review_service.cases.reviews.lifecycle import State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import cases, shortlisted
from review_service.cases.rounds.storage import rounds
from review_service.decision.rankings.commands import follow_departure
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.storage import rankings
from review_service.panel.sheets.reactions import settle_when_withdrawal_requested


async def leave_list_when_withdrawal_requested(work: Work, event: WithdrawalRequested) -> None:
    """Settle the request; a case that leaves the shortlist makes room for the next on the reserve list.

    Round and list are locked before the case, as by every command about the list.
    """
    await work.consult(rounds, event.round_id)
    found = await work.find(rankings, Ranking.round_id == event.round_id)
    listed = await shortlisted(work, event.application_id)
    await settle_when_withdrawal_requested(work, event)
    (review,) = await work.find(cases, Review.application_id == event.application_id)
    if not found or review.state is not State.WITHDRAWN:
        return
    if listed:
        found[0].strike_off(review, ground=LeavingGround.WITHDRAWN, reason=event.reason, at=work.now)
    await follow_departure(work, found[0])
