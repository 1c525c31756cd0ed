"""Deliberations are seen by those who see the list."""

from sqlalchemy import ColumnElement, false, true

from common.actor import SYSTEM, Actor
from common.storage.store import Store
from review_service.deliberations.model import Deliberation
from review_service.deliberations.refusals import DeliberationNotFound
from review_service.rankings.storage import SEES


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body, the office and the observers."""
    return true() if actor == SYSTEM or actor.roles & SEES else false()


deliberations = Store(Deliberation, not_found=DeliberationNotFound, visible=visible)
