"""The commands that record and conclude a vote, and those by which the leading group's office decides about it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from common.contracts.review.deliberations import ListedCase
from common.files.store import StoredFile
from common.storage.work import Found, Work
from review_service.cases.recusals.storage import recused_of
from review_service.cases.reviews.lifecycle import ON_THE_LIST, State as ReviewState
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import cases
from review_service.cases.rounds.storage import programme_of
from review_service.decision.deliberations.model import Deliberation
from review_service.decision.deliberations.refusals import NoticeMissing
from review_service.decision.deliberations.storage import deliberations
from review_service.decision.notices.model import Notice
from review_service.decision.notices.refusals import NoticeStillOpen
from review_service.decision.notices.storage import notices
from review_service.decision.objections.storage import check_answered
from review_service.decision.rankings.commands import follow_departure
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.storage import cases_of_list, rankings

REFUSED = "list-refused"


async def record_deliberation(
    work: Work, *, ranking_id: str, votes: list[dict[str, Any]], minutes: str
) -> Deliberation:
    """Record the vote on a list: on every case of it that is not on hold.

    Each of them has been on a notice that has ended, and its objections have been answered.
    """
    ranking = await work.get(rankings, ranking_id)
    ranking.go("deliberate")
    listed = await _ready(work, ranking)
    recused = await recused_of(work, [one["member"] for one in votes], {case.applicant for case in listed})
    deliberation = Deliberation(
        id=work.new_id(Deliberation),
        ranking_id=ranking.id,
        round_id=ranking.round_id,
        honour=ranking.honour,
        recognition_body=work.actor.org,
        votes=[
            one
            | {"recused_from": [each.application_id for each in listed if (one["member"], each.applicant) in recused]}
            for one in votes
        ],
        items=[],
        minutes=minutes,
        recorded_at=work.now,
        recorded_by=work.actor.sub,
    )
    deliberation.record_vote(
        await programme_of(work, ranking.round_id), {case.id: case.application_id for case in listed}
    )
    return work.add(deliberation)


async def attach_file(
    work: Work, deliberation_id: str, *, version: int | None, kind: str, name: str, file: StoredFile
) -> Deliberation:
    """Attach the ballots or the minutes to a vote that is not concluded."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.attach(kind=kind, name=name, file=file)
    return deliberation


async def discard_deliberation(work: Work, deliberation_id: str, *, version: int | None, reason: str) -> Deliberation:
    """Discard a record that is wrong; the list can be voted on again."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.discard(reason=reason)
    await _take_back(work, deliberation)
    return deliberation


async def conclude_deliberation(work: Work, deliberation_id: str, *, version: int | None) -> Deliberation:
    """Confirm the record of a vote as a second person; the office decides about the list next."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    voted = await _voted(work, deliberation)
    deliberation.conclude([case.application_id for case in voted], by=work.actor, at=work.now)
    return deliberation


async def hold_list(work: Work, deliberation_id: str, *, version: int | None, reason: str) -> Deliberation:
    """Hold the list."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.hold(by=work.actor, reason=reason)
    return deliberation


async def confirm_list(work: Work, deliberation_id: str, *, version: int | None) -> Deliberation:
    """Confirm the cases that were voted on, without those that have left since, or are on hold."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    voted = await work.find(cases, Review.id.in_(deliberation.items), Review.state == ReviewState.SHORTLISTED)
    listed = _in_order([case for case in voted if case.hold is None])
    await check_answered(work, [case.id for case in listed])
    deliberation.confirm(
        {
            case.id: ListedCase(
                application_id=case.application_id,
                applicant_id=case.applicant_id,
                applicant=case.applicant,
                rank=case.rank or 0,
                digest=case.digest,
            )
            for case in listed
        },
        by=work.actor,
    )
    return deliberation


async def return_list(work: Work, deliberation_id: str, *, version: int | None, reason: str) -> Deliberation:
    """Send the list back: to a new vote, after a new notice of those that came onto it meanwhile."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.return_(by=work.actor, reason=reason)
    await _take_back(work, deliberation)
    return deliberation


async def refuse_list(work: Work, deliberation_id: str, *, version: int | None, reason: str) -> Deliberation:
    """Refuse the list: every case of the round that has no outcome yet ends without recognition."""
    deliberation = await work.get(deliberations, deliberation_id, version=version)
    deliberation.refuse(by=work.actor, reason=reason)
    ranking = await work.get(rankings, deliberation.ranking_id)
    ranking.go("refuse")
    for case in await cases_of_list(work, ranking):
        if case.state in ON_THE_LIST:
            case.decline(reason=REFUSED)
    return deliberation


async def _ready(work: Work, ranking: Ranking) -> list[Review]:
    """Return the cases to vote on. Raises NoticeStillOpen, NoticeMissing or ObjectionOpen for one that is not ready."""
    for notice in await work.find(notices, Notice.ranking_id == ranking.id, Notice.supplementary.is_(False)):
        notice.check_closed(work.today)
    shortlisted = await work.find(cases, Review.round_id == ranking.round_id, Review.state == ReviewState.SHORTLISTED)
    listed = _in_order([case for case in shortlisted if case.hold is None])
    if unseen := [case for case in listed if case.shown_until is None]:
        raise NoticeMissing(count=len(unseen))
    last = max((case.shown_until for case in listed if case.shown_until is not None), default=None)
    if last is not None and last >= work.today:
        raise NoticeStillOpen(closes_on=last.isoformat())
    await check_answered(work, [case.id for case in listed])
    return listed


async def _voted(work: Work, deliberation: Deliberation) -> Sequence[Found]:
    """Return the cases that were voted on, best first, without locking them: the list is locked before its cases."""
    table = Review.__table__.c
    asked = select(table.application_id, table.applicant).where(table.id.in_(deliberation.items))
    return await work.rows(asked.order_by(table.rank, table.application_id))


async def _take_back(work: Work, deliberation: Deliberation) -> None:
    ranking = await work.get(rankings, deliberation.ranking_id)
    ranking.go("take_back")
    await follow_departure(work, ranking)


def _in_order(listed: list[Review]) -> list[Review]:
    return sorted(listed, key=lambda case: (case.rank or 0, case.application_id))
