"""The command that puts a list on public notice."""

from common.contracts.review.notices import NoticeItem
from common.storage.work import Work
from review_service.cases.calendars.storage import calendar_of
from review_service.cases.reviews.lifecycle import State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import reviews
from review_service.cases.rounds.storage import programme_of
from review_service.decision.notices.model import Notice
from review_service.decision.notices.refusals import NothingToShow
from review_service.decision.rankings.lifecycle import State as ListState
from review_service.decision.rankings.storage import rankings


async def publish_notice(work: Work, *, ranking_id: str) -> Notice:
    """Show the listed cases that no notice has shown yet, except those on hold, for the programme's period."""
    ranking = await work.get(rankings, ranking_id)
    supplementary = ranking.state is not ListState.PROPOSED
    ranking.go("publish_notice")
    listed = await work.find(reviews, Review.round_id == ranking.round_id, Review.state == State.SHORTLISTED)
    shown = [case for case in listed if case.shown_until is None and case.hold is None]
    if supplementary and not shown:
        raise NothingToShow
    programme = await programme_of(work, ranking.round_id)
    clock = programme.notice
    opens_on = work.today
    deadline = (await calendar_of(work)).after(opens_on, days=clock.days, kind=clock.kind)
    notice = Notice(
        id=work.new_id(Notice),
        ranking_id=ranking.id,
        round_id=ranking.round_id,
        honour=ranking.honour,
        year=ranking.year,
        opens_on=opens_on,
        closes_on=deadline.on,
        estimated=deadline.estimated,
        counting=deadline.counting.as_json(),
        agency=work.actor.org,
        published_at=work.now,
        supplementary=supplementary,
        text=clock.text.model_dump(),
        objecting=programme.objections.text.model_dump(),
    )
    for case in shown:
        case.show(until=deadline.on)
    notice.publish(
        [
            NoticeItem(
                application_id=case.application_id,
                applicant_id=case.applicant_id,
                applicant=case.applicant,
                applicant_name=case.applicant_name,
                item=case.item,
            )
            for case in sorted(shown, key=lambda case: case.rank or 0)
        ]
    )
    return work.add(notice)
