"""The commands by which the leading group's office holds and releases a case, at any stage of its review."""

from common.storage.work import Work
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import reviews


async def hold_review(work: Work, review_id: str, *, version: int | None, reason: str) -> Review:
    """Hold a case: it keeps its place, but is neither shown, voted on, confirmed nor announced."""
    review = await work.get(reviews, review_id, version=version)
    review.hold_back(by=work.actor, reason=reason, at=work.now)
    return review


async def release_review(work: Work, review_id: str, *, version: int | None, reason: str) -> Review:
    """Release a case that is held."""
    review = await work.get(reviews, review_id, version=version)
    review.release(by=work.actor, reason=reason)
    return review
