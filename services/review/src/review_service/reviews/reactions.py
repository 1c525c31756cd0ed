"""How reviews follow what the applications service tells."""

from common.contracts.applications import ApplicationAccepted, ApplicationWithdrawn
from common.messaging.parking import Waiting
from common.storage.work import Work
from review_service.reviews.lifecycle import UNDECIDED
from review_service.reviews.model import Review
from review_service.reviews.storage import is_ranked, reviews
from review_service.rounds.storage import knows_round, round_awaited, rounds

TOO_LATE = "本届名单已排定，受理晚于评审。"


async def open_when_accepted(work: Work, event: ApplicationAccepted) -> Waiting | None:
    """Open a review as soon as its round is known; in a round that has been ranked it ends at once.

    The round's row is locked, as the ranking locks it: a case is on the list or it comes too late.
    """
    if not await knows_round(work, event.round_id):
        return Waiting(round_awaited(event.round_id))
    await work.consult(rounds, event.round_id)
    review = work.add(Review.opened(event, review_id=work.new_id("rev"), at=work.now))
    if await is_ranked(work, event.round_id):
        review.decline(reason=TOO_LATE)
    return None


async def remove_when_withdrawn(work: Work, event: ApplicationWithdrawn) -> None:
    """End the review unless it has concluded: recognition stands, the registry's exit applies."""
    for review in await work.find(reviews, Review.application_id == event.application_id):
        if review.state in UNDECIDED:
            review.remove(reason=event.reason)
