"""The reactions to contacts that applicants name in their own register."""

from common.contracts.applications.contacts import Contact, ContactChanged
from common.storage.work import Work
from notifications_service.letters.contacts.commands import keep_contact


async def keep_contact_when_changed(work: Work, event: ContactChanged) -> None:
    """Write to the person whom the applicant has named."""
    await keep_applicants_contact(work, event.applicant, event.contact)


async def keep_applicants_contact(work: Work, applicant: str, contact: Contact) -> None:
    """Store the contact of an applicant as its event has it."""
    await keep_contact(work, org=applicant, name=contact.name, email=contact.email, at=contact.named_at)
