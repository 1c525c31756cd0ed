"""Acts are seen by the bodies that propose and decide them, and by departments and observers."""

from sqlalchemy import ColumnElement, false, true

from common.kernel.actor import PROVINCE_WIDE, Actor
from common.storage.store import Store
from registry_service.supervision.acts.model import Act
from registry_service.supervision.acts.refusals import ActNotFound

SEES = PROVINCE_WIDE


def visible(actor: Actor) -> ColumnElement[bool]:
    """The recognition body, the office, departments and observers see every act."""
    return true() if actor.roles & SEES else false()


acts = Store(Act, not_found=ActNotFound, visible=visible)
