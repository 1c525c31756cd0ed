"""How sheets follow what the applications service tells."""

from common.contracts.applications import ApplicationWithdrawn
from common.storage.work import Work
from review_service.reviews.lifecycle import State as ReviewState
from review_service.reviews.model import Review
from review_service.reviews.reactions import remove_when_withdrawn
from review_service.reviews.storage import reviews
from review_service.sheets.lifecycle import State
from review_service.sheets.model import Sheet
from review_service.sheets.storage import sheets


async def void_when_withdrawn(work: Work, event: ApplicationWithdrawn) -> None:
    """End the review and void its open sheets; what was sealed stays sealed."""
    await remove_when_withdrawn(work, event)
    for review in await work.find(reviews, Review.application_id == event.application_id):
        if review.state is ReviewState.REMOVED:
            for sheet in await work.find(sheets, Sheet.review_id == review.id, Sheet.state == State.OPEN):
                sheet.void()
