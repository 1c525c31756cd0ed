"""Acts are seen by the bodies that propose and decide them, and by those who watch."""

from sqlalchemy import ColumnElement, false, true

from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store
from registry_service.acts.model import Act
from registry_service.acts.refusals import ActNotFound

SEES = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.OBSERVER, Role.DEPARTMENT})


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body, the office, departments and observers."""
    return true() if actor == SYSTEM or actor.roles & SEES else false()


acts = Store(Act, not_found=ActNotFound, visible=visible)
