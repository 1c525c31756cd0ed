"""How a round is ranked: under the round's row lock, so no place is given twice and the quota is never exceeded."""

from common.contracts.review import RankedCase
from common.programme import Entry
from common.storage.work import Work
from review_service.rankings.model import Ranking
from review_service.rankings.refusals import NothingToRank, ReviewsUnfinished, RoundAlreadyRanked
from review_service.rankings.storage import rankings
from review_service.reviews.lifecycle import State
from review_service.reviews.model import Review
from review_service.reviews.storage import reviews
from review_service.rounds.storage import programme_of, rounds


async def propose_ranking(work: Work, *, round_id: str, seed: str) -> Ranking:
    """Rank the round's scored cases by the programme's rule and cut the list at the quota."""
    round_ = await work.get(rounds, round_id)
    if await work.find(rankings, Ranking.round_id == round_id):
        raise RoundAlreadyRanked
    programme = await programme_of(work, round_id)
    live = await work.find(reviews, Review.round_id == round_id, Review.state != State.REMOVED)
    unfinished = [case for case in live if case.state in {State.PENDING, State.ASSIGNED}]
    if unfinished:
        raise ReviewsUnfinished(count=len(unfinished))
    cases = {case.id: case for case in live if case.state is State.SCORED}
    if not cases:
        raise NothingToRank
    ranked = programme.rank([Entry.of(case.id, case.arithmetic) for case in cases.values()], seed=seed)
    for place in ranked:
        case = cases[place.id]
        case.place(rank=place.rank, admitted=place.admitted, reasons=list(place.reasons))
    ranking = Ranking(
        id=work.new_id("rnk"),
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
                applicant=cases[place.id].applicant,
                rank=place.rank,
                admitted=place.admitted,
            )
            for place in ranked
        ]
    )
    return work.add(ranking)
