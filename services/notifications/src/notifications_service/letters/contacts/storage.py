"""A contact is visible to its organisation and to the administrator."""

from sqlalchemy import ColumnElement, false, true

from common.codes.organisations import spoken_for
from common.kernel.actor import Actor, Role
from common.storage.store import Store
from notifications_service.letters.contacts.model import Contact
from notifications_service.letters.contacts.refusals import ContactNotFound


def visible(actor: Actor) -> ColumnElement[bool]:
    """An actor sees the contact of the organisation that he speaks for; the administrator sees all."""
    if actor.has(Role.ADMINISTRATOR):
        return true()
    org = spoken_for(actor)
    return false() if org is None else Contact.org_key == org


contacts = Store(Contact, not_found=ContactNotFound, visible=visible, key=Contact.org_key)
