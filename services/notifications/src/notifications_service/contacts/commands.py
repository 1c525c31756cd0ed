"""How a contact is named; the sender finds the messages that waited for one."""

from common.actor import SYSTEM, Role
from common.storage.work import Work
from notifications_service.contacts.model import Contact
from notifications_service.contacts.refusals import NotYourContact
from notifications_service.contacts.storage import contacts


async def name_contact(work: Work, *, org: str, name: str, email: str) -> Contact:
    """Name or replace an organisation's contact."""
    if work.actor != SYSTEM and org != work.actor.org and not work.actor.has(Role.ADMINISTRATOR):
        raise NotYourContact
    found = await work.find(contacts, Contact.id == org)
    contact = found[0] if found else work.add(Contact(id=org, name=name, email=email, changed_at=work.now))
    contact.name_person(name=name, email=email, at=work.now)
    return contact
