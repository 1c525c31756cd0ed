"""How reviews follow what the applications service tells."""

from common.contracts.applications import ApplicationAccepted, ApplicationWithdrawn
from common.messaging.parking import Waiting
from common.storage.work import Work
from review_service.reviews.lifecycle import UNDECIDED
from review_service.reviews.model import Review
from review_service.reviews.storage import reviews
from review_service.rounds.storage import knows_round, round_awaited


async def open_when_accepted(work: Work, event: ApplicationAccepted) -> Waiting | None:
    """Open a review as soon as its round is known."""
    if not await knows_round(work, event.round_id):
        return Waiting(round_awaited(event.round_id))
    work.add(Review.opened(event, review_id=work.new_id("rev"), at=work.now))
    return None


async def remove_when_withdrawn(work: Work, event: ApplicationWithdrawn) -> None:
    """End the review unless it has concluded: recognition stands, the registry's exit applies."""
    for review in await work.find(reviews, Review.application_id == event.application_id):
        if review.state in UNDECIDED:
            review.remove(reason=event.reason)
