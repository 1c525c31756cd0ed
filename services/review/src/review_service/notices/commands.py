"""How a list goes on public notice."""

from common.calendar import WorkingCalendar
from common.clock import SHANGHAI
from common.contracts.review import NoticeItem
from common.storage.work import Work
from review_service.notices.model import Notice
from review_service.rankings.storage import rankings
from review_service.reviews.lifecycle import State
from review_service.reviews.model import Review
from review_service.reviews.storage import reviews
from review_service.rounds.storage import programme_of


async def publish_notice(work: Work, *, ranking_id: str) -> Notice:
    """Show the shortlist to the public until the programme's clock has run out."""
    ranking = await work.get(rankings, ranking_id)
    ranking.go("publish_notice")
    clock = (await programme_of(work, ranking.round_id)).notice
    opens_on = work.now.astimezone(SHANGHAI).date()
    deadline = WorkingCalendar().after(opens_on, days=clock.days, kind=clock.kind)
    notice = Notice(
        id=work.new_id("ntc"),
        ranking_id=ranking.id,
        round_id=ranking.round_id,
        honour=ranking.honour,
        year=ranking.year,
        opens_on=opens_on,
        closes_on=deadline.on,
        estimated=deadline.estimated,
        published_at=work.now,
    )
    listed = await work.find(reviews, Review.round_id == ranking.round_id, Review.state == State.SHORTLISTED)
    notice.publish(
        [
            NoticeItem(
                application_id=case.application_id,
                applicant=case.applicant,
                applicant_name=case.applicant_name,
                item=case.item,
            )
            for case in sorted(listed, key=lambda case: case.rank or 0)
        ]
    )
    return work.add(notice)
