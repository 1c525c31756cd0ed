"""The pool is seen by the recognition body and by those who watch it."""

from sqlalchemy import ColumnElement, false, true

from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store
from review_service.experts.model import Expert
from review_service.experts.refusals import ExpertNotFound

SEES = frozenset({Role.RECOGNITION_OFFICER, Role.OBSERVER})


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body and observers see the pool, nobody else a single name."""
    return true() if actor == SYSTEM or actor.roles & SEES else false()


experts = Store(Expert, not_found=ExpertNotFound, visible=visible)
