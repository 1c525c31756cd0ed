"""The reactions of reviews to events of the applications service."""

from common.contracts.applications.applications import ApplicationAccepted, WithdrawalRequested
from common.editions.cases import believed
from common.messaging.consumer.parking import Waiting
from common.messaging.grounds import Contradiction, agree
from common.storage.work import Work
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import applications_in, reviews
from review_service.cases.rounds.model import Round
from review_service.cases.rounds.storage import rounds


async def open_when_accepted(work: Work, event: ApplicationAccepted) -> Waiting | None:
    """Open a review as soon as its round is known and agrees.

    It locks the round's row, as the ranking does. No case comes after all that the acceptance's conclusion names.
    """
    snapshot = await believed(work, event, Round)
    if isinstance(snapshot, Waiting):
        return snapshot
    for known in await work.find(reviews, Review.application_id == event.application_id):
        agree("review", event, known, "round_id", "applicant_id", "applicant", "division", "digest")
        return None
    round_ = await work.consult(rounds, event.round_id)
    if round_.is_whole(await applications_in(work, event.round_id)):
        raise Contradiction("conclusion", "application_id")
    work.add(Review.opened(event, review_id=work.new_id(Review), at=work.now))
    return None


async def settle_withdrawal(work: Work, event: WithdrawalRequested) -> Review:
    """Settle the request under the lock of the review's row, which every decision about the case takes as well.

    So either the case has left before a list is drawn up, shown, confirmed or announced, or the request is too late.
    Raises Contradiction for a case that was never accepted: the acceptance has the same key, so it cannot arrive later.
    """
    found = await work.find(reviews, Review.application_id == event.application_id)
    if not found:
        raise Contradiction("review", "application_id")
    agree("review", event, found[0], "round_id", "honour", "applicant_id", "applicant", "division")
    found[0].settle_withdrawal(reason=event.reason)
    return found[0]
