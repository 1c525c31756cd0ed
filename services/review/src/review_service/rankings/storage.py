"""Lists are seen by the recognition body, the office and the observers until the notice shows them to everybody."""

from sqlalchemy import ColumnElement, false, true

from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store
from review_service.rankings.model import Ranking
from review_service.rankings.refusals import RankingNotFound

SEES = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body, the office and the observers."""
    return true() if actor == SYSTEM or actor.roles & SEES else false()


rankings = Store(Ranking, not_found=RankingNotFound, visible=visible)
