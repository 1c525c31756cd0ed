"""The commands that rank a round, take a case off its list, call the reserve and close the list.

The ranking locks the round's row, and every later change the list's row, so that each place is assigned once within the
quota; a command locks them in this order: round, list, cases.
"""

from collections.abc import Iterable

from common.contracts.review.rankings import LeavingGround, RankedCase
from common.kernel.actor import Role
from common.programme import Entry
from common.programme.ranking.lists import Place
from common.storage.work import Work
from review_service.cases.reviews.lifecycle import ON_THE_LIST, State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import applications_in, reviews, whole_rounds
from review_service.cases.rounds.storage import programme_of
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.refusals import (
    GroundOfTheOffice,
    NothingToRank,
    NotOnList,
    ReviewsUnfinished,
    RoundAlreadyRanked,
    VetoRuleUnknown,
)
from review_service.decision.rankings.storage import cases_of_list, rankings


async def propose_ranking(work: Work, *, round_id: str, seed: str) -> Ranking:
    """Rank the round's scored cases by the programme's rule and cut the list at the quota."""
    round_ = await work.get(whole_rounds, round_id)
    round_.check_whole(await applications_in(work, round_id))
    if await work.find(rankings, Ranking.round_id == round_id):
        raise RoundAlreadyRanked
    programme = await programme_of(work, round_id)
    live = await work.find(reviews, Review.round_id == round_id, Review.state != State.WITHDRAWN)
    unfinished = [case for case in live if case.state in {State.PENDING, State.ASSIGNED}]
    if unfinished:
        raise ReviewsUnfinished(count=len(unfinished))
    cases = {case.id: case for case in live if case.state is State.SCORED}
    if not cases:
        raise NothingToRank
    ranked = programme.rank([Entry.of(case.id, case.arithmetic) for case in cases.values()], seed=seed)
    for place in ranked:
        case = cases[place.id]
        case.place(
            rank=place.rank,
            admitted=place.admitted,
            on_reserve=place.place is Place.RESERVE,
            reasons=list(place.reasons),
        )
    ranking = Ranking(
        id=work.new_id(Ranking),
        round_id=round_id,
        honour=round_.honour,
        year=round_.year,
        quota=programme.quota.total,
        seed=seed,
        proposed_at=work.now,
        proposed_by=work.actor.sub,
        recognition_body=work.actor.org,
        items=[place.as_json() for place in ranked],
    )
    ranking.propose(
        [
            RankedCase(
                review_id=place.id,
                application_id=cases[place.id].application_id,
                applicant_id=cases[place.id].applicant_id,
                applicant=cases[place.id].applicant,
                rank=place.rank,
                admitted=place.admitted,
            )
            for place in ranked
        ]
    )
    return work.add(ranking)


async def remove_case(
    work: Work,
    ranking_id: str,
    *,
    version: int | None,
    review_id: str,
    ground: LeavingGround,
    veto_rule: str | None,
    reason: str,
) -> Ranking:
    """Take a case off the list or off its reserve; the recognition body may for a veto only."""
    ranking = await work.get(rankings, ranking_id, version=version)
    if ground is not LeavingGround.VETO and not work.actor.has(Role.OFFICE):
        raise GroundOfTheOffice
    rules = {rule.code for rule in (await programme_of(work, ranking.round_id)).veto_rules}
    if veto_rule not in (rules if ground is LeavingGround.VETO else {None}):
        raise VetoRuleUnknown
    case = await work.get(reviews, review_id)
    if case.round_id != ranking.round_id or case.state not in ON_THE_LIST:
        raise NotOnList
    await take_off(work, ranking, case, ground=ground, veto_rule=veto_rule, reason=reason)
    return ranking


async def take_off(
    work: Work, ranking: Ranking, case: Review, *, ground: LeavingGround, veto_rule: str | None = None, reason: str
) -> None:
    """End a case of the list without recognition; a place that becomes vacant goes to the reserve."""
    listed = case.state is State.SHORTLISTED
    case.remove(grounds=[code for code in (ground.value, veto_rule) if code is not None], reason=reason)
    if listed:
        ranking.strike_off(case, ground=ground, veto_rule=veto_rule, reason=reason, at=work.now)
    await follow_departure(work, ranking)


async def follow_departure(work: Work, ranking: Ranking) -> None:
    """Fill vacant places as the programme says, or close the list when it was announced and nobody is left on it."""
    rule = (await programme_of(work, ranking.round_id)).quota.reserve_call.rule
    cases = await cases_of_list(work, ranking)
    ranking.refill(cases, rule=rule, at=work.now)
    end_outside(ranking.end_when_over(cases, rule=rule))


async def call_reserve(work: Work, ranking_id: str, *, version: int | None, reason: str) -> Ranking:
    """Call up the next case on the reserve list for a vacant place."""
    ranking = await work.get(rankings, ranking_id, version=version)
    rule = (await programme_of(work, ranking.round_id)).quota.reserve_call.rule
    ranking.call_reserve(await cases_of_list(work, ranking), rule=rule, reason=reason, at=work.now)
    return ranking


async def close_list(work: Work, ranking_id: str, *, version: int | None) -> Ranking:
    """Close a list on which nobody is left: the cases outside it end without recognition."""
    ranking = await work.get(rankings, ranking_id, version=version)
    end_outside(ranking.close(await cases_of_list(work, ranking)))
    return ranking


def end_outside(cases: Iterable[Review], *, announcement_id: str | None = None) -> None:
    """End the cases that stayed outside the list."""
    for case in cases:
        case.decline(announcement_id=announcement_id)
