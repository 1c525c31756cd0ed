"""The command that announces a confirmed list: it stores the document and every outcome in one commit."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from common.contracts.review.announcements import AnnouncedCase
from common.contracts.review.rankings import LeavingGround
from common.programme import Programme
from common.storage.work import Work
from review_service.cases.reviews.lifecycle import State
from review_service.cases.reviews.model import Review
from review_service.cases.rounds.storage import programme_of, rounds
from review_service.decision.announcements.model import Announcement
from review_service.decision.deliberations.storage import deliberations
from review_service.decision.objections.storage import check_answered
from review_service.decision.rankings.commands import end_outside, take_off
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.storage import cases_of_list, rankings
from review_service.standing.holdings.storage import check_case

EXCLUDED: Final = "公告之日复核，不符合认定条件：{rules}。"
"""The reason of a listed case that breaks a rule on the day of the announcement."""
SAME_MARK: Final = EXCLUDED.format(rules="同一商标同类项目由本名单排名在前的单位获得称号")
"""The reason of a listed case for the same trademark and category as a better one of another firm."""


async def publish_announcement(
    work: Work, *, deliberation_id: str, document_number: str, effective_on: date
) -> Announcement:
    """Announce the confirmed list; every case that it decides gets its outcome, which is never undone.

    Every rule is answered again on this day: a listed case that breaks one leaves the list. A case that is on hold is
    left to a later announcement; while there is one, the reserve is not ended either.
    """
    deliberation = await work.get(deliberations, deliberation_id)
    round_ = await work.get(rounds, deliberation.round_id)
    ranking = await work.get(rankings, deliberation.ranking_id)
    deliberation.announce()
    of_list = await cases_of_list(work, ranking)
    programme = await programme_of(work, round_.id)
    listed = [case for case in of_list if case.id in deliberation.items and case.state is State.SHORTLISTED]
    await _take_off_excluded(work, ranking, [case for case in listed if case.hold is None], programme, round_.year)
    recognised = sorted(
        (case for case in listed if case.state is State.SHORTLISTED and case.hold is None),
        key=lambda case: case.rank or 0,
    )
    await check_answered(work, [case.id for case in recognised])
    announcement = Announcement(
        id=work.new_id(Announcement),
        deliberation_id=deliberation.id,
        list_digest=deliberation.confirmed_digest(),
        round_id=round_.id,
        honour=round_.honour,
        year=round_.year,
        document_number=document_number,
        effective_on=effective_on,
        published_at=work.now,
        published_by=work.actor.sub,
        recognised_by=programme.decision.recognition.body.model_dump(),
        confirmed_by=programme.decision.confirmation.organisation.model_dump(),
    )
    announcement.publish(
        [
            AnnouncedCase(
                application_id=case.application_id,
                applicant_id=case.applicant_id,
                applicant=case.applicant,
                applicant_name=case.applicant_name,
                item=case.item,
                rank=case.rank or 0,
            )
            for case in recognised
        ]
    )
    for case in recognised:
        case.recognise(
            programme=programme,
            year=round_.year,
            announcement_id=announcement.id,
            document_number=document_number,
            announced_on=work.today,
            effective_on=effective_on,
        )
    ended = ranking.announce(of_list, rule=programme.quota.reserve_call.rule, at=work.now)
    end_outside(ended, announcement_id=announcement.id)
    return work.add(announcement)


async def _take_off_excluded(
    work: Work, ranking: Ranking, listed: Sequence[Review], programme: Programme, year: int
) -> None:
    """Take off the list who breaks a rule today, each with the rules that he breaks.

    Nobody gets a title for the trademark and category for which another firm gets one now: the better rank has it.
    """
    for case in listed:
        found = await check_case(work, case, programme, year=year, on=work.today)
        if found.failed:
            rules = "；".join(result.zh.rstrip("。") for result in found.failed)
            await take_off(work, ranking, case, ground=LeavingGround.RULE_BROKEN, reason=EXCLUDED.format(rules=rules))
    for case in _second_for_a_mark([case for case in listed if case.state is State.SHORTLISTED], programme):
        await take_off(work, ranking, case, ground=LeavingGround.RULE_BROKEN, reason=SAME_MARK)


def _second_for_a_mark(listed: Sequence[Review], programme: Programme) -> list[Review]:
    """Return the cases for whose trademark and category the case of another firm ranks higher."""
    first: dict[tuple[str, str], str] = {}
    found = []
    for case in sorted(listed, key=lambda case: case.rank or 0):
        applied = programme.item_of(case.snapshot["answers"])
        if applied.trademark is None:
            continue
        if first.setdefault((applied.trademark, applied.category), case.applicant) != case.applicant:
            found.append(case)
    return found
