"""Who sees a contact: the organisation itself and the administrator."""

from sqlalchemy import ColumnElement, true

from common.actor import SYSTEM, Actor, Role
from common.storage.store import Store
from notifications_service.contacts.model import Contact
from notifications_service.contacts.refusals import ContactNotFound


def visible(actor: Actor) -> ColumnElement[bool]:
    """One's own; the administrator sees all."""
    return true() if actor == SYSTEM or actor.has(Role.ADMINISTRATOR) else Contact.id == actor.org


contacts = Store(Contact, not_found=ContactNotFound, visible=visible)
