"""How a confirmed list is announced: the document and every outcome in one commit."""

from datetime import date

from common.contracts.review import AnnouncedCase
from common.storage.work import Work
from review_service.announcements.model import Announcement
from review_service.deliberations.storage import deliberations
from review_service.rankings.storage import rankings
from review_service.reviews.lifecycle import State
from review_service.reviews.model import Review
from review_service.reviews.storage import cases
from review_service.rounds.storage import programme_of, rounds


async def publish_announcement(
    work: Work, *, deliberation_id: str, document_number: str, effective_on: date
) -> Announcement:
    """Announce the list; every case of the round gets its outcome, which is never undone."""
    deliberation = await work.get(deliberations, deliberation_id)
    round_ = await work.get(rounds, deliberation.round_id)
    deliberation.announce()
    (await work.get(rankings, deliberation.ranking_id)).go("announce")
    announcement = Announcement(
        id=work.new_id("ann"),
        deliberation_id=deliberation.id,
        round_id=round_.id,
        honour=round_.honour,
        year=round_.year,
        document_number=document_number,
        effective_on=effective_on,
        published_at=work.now,
        published_by=work.actor.sub,
    )
    undecided = await work.find(
        cases, Review.round_id == round_.id, Review.state.in_([State.SHORTLISTED, State.OUTSIDE])
    )
    ranked = sorted(undecided, key=lambda case: case.rank or 0)
    announcement.publish(
        [
            AnnouncedCase(
                application_id=case.application_id,
                applicant=case.applicant,
                applicant_name=case.applicant_name,
                item=case.item,
                rank=case.rank or 0,
            )
            for case in ranked
            if case.state is State.SHORTLISTED
        ]
    )
    programme = await programme_of(work, round_.id)
    for case in ranked:
        if case.state is State.SHORTLISTED:
            case.recognise(
                programme=programme,
                year=round_.year,
                announcement_id=announcement.id,
                document_number=document_number,
                effective_on=effective_on,
            )
        else:
            case.decline(announcement_id=announcement.id)
    return work.add(announcement)
