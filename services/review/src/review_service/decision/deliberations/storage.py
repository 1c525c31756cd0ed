"""Deliberations are seen by those who see the list."""

from sqlalchemy import ColumnElement, false, true

from common.kernel.actor import Actor
from common.storage.store import Store
from review_service.cases.reviews.storage import bound_by_round
from review_service.decision.deliberations.model import Deliberation
from review_service.decision.deliberations.refusals import DeliberationNotFound
from review_service.decision.rankings.storage import SEES


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body, the office and the observers see every deliberation."""
    return true() if actor.roles & SEES else false()


deliberations = Store(
    Deliberation, not_found=DeliberationNotFound, visible=visible, withheld=bound_by_round(Deliberation.round_id)
)
