"""Lists are seen by the recognition body, the office and the observers until the notice shows them to everybody."""

from sqlalchemy import ColumnElement, false, true

from common.kernel.actor import Actor, Role
from common.storage.store import Store
from common.storage.work import Work
from review_service.cases.reviews.lifecycle import ON_THE_LIST, State as ReviewState
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import bound_by_round, cases
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.refusals import RankingNotFound

SEES = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body, the office and the observers see every list."""
    return true() if actor.roles & SEES else false()


rankings = Store(Ranking, not_found=RankingNotFound, visible=visible, withheld=bound_by_round(Ranking.round_id))


async def cases_of_list(work: Work, ranking: Ranking) -> list[Review]:
    """Return the cases on the list, outside it and recognised, locked; the caller has locked the list."""
    return await work.find(
        cases, Review.round_id == ranking.round_id, Review.state.in_([*ON_THE_LIST, ReviewState.RECOGNISED])
    )
