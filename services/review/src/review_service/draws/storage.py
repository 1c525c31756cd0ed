"""The protocol names experts: the recognition body and the observers read it."""

from sqlalchemy import ColumnElement, false, true

from common.actor import SYSTEM, Actor
from common.storage.store import Store
from review_service.draws.model import Draw
from review_service.draws.refusals import DrawNotFound
from review_service.experts.storage import SEES


def visible(actor: Actor) -> ColumnElement[bool]:
    """Whoever sees the pool sees the draws."""
    return true() if actor == SYSTEM or actor.roles & SEES else false()


draws = Store(Draw, not_found=DrawNotFound, visible=visible)
