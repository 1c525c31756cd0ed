"""The commands that name a contact; later the sender sends the messages that waited for it."""

from datetime import datetime

from common.codes import uscc
from common.codes.organisations import spoken_for
from common.codes.refusals import UsccNotAdmitted
from common.kernel.actor import Role
from common.kernel.values.keys import fold_key
from common.storage.work import Work
from notifications_service.letters.contacts.model import Contact
from notifications_service.letters.contacts.refusals import NotYourContact
from notifications_service.letters.contacts.storage import contacts


async def name_contact(work: Work, *, org: str, name: str, email: str) -> Contact:
    """Name or replace an organisation's contact.

    Raises NotYourContact, and UsccNotAdmitted for another organisation's code whose check character is wrong, unless it
    has a contact already: an admitted one has brought its own with its application.
    """
    if fold_key(org) != fold_key(spoken_for(work.actor) or ""):
        if not work.actor.has(Role.ADMINISTRATOR):
            raise NotYourContact
        mistyped = uscc.has_form(org) and not uscc.is_valid(org)
        if mistyped and not await work.find(contacts, Contact.org_key == org):
            raise UsccNotAdmitted.at("/org")
    return await keep_contact(work, org=org, name=name, email=email, at=work.now)


async def keep_contact(work: Work, *, org: str, name: str, email: str, at: datetime) -> Contact:
    """Store the contact that was named at an instant; one that was named later stays."""
    found = await work.find(contacts, Contact.org_key == org)
    contact = found[0] if found else work.add(Contact(id=org, name=name, email=email, changed_at=at))
    contact.name_person(name=name, email=email, at=at)
    return contact
