"""How a contact is named; messages that waited for one go on in the same commit."""

from common.actor import SYSTEM, Role
from common.storage.work import Work
from notifications_service.contacts.model import Contact
from notifications_service.contacts.refusals import NotYourContact
from notifications_service.contacts.storage import contacts
from notifications_service.messages.commands import address_waiting


async def name_contact(work: Work, *, org: str, name: str, email: str) -> Contact:
    """Name or replace an organisation's contact."""
    if work.actor != SYSTEM and org != work.actor.org and not work.actor.has(Role.ADMINISTRATOR):
        raise NotYourContact
    found = await work.find(contacts, Contact.id == org)
    contact = found[0] if found else work.add(Contact(id=org, name=name, email=email, changed_at=work.now))
    contact.name_person(name=name, email=email, at=work.now)
    await address_waiting(work, org=org, email=email)
    return contact
