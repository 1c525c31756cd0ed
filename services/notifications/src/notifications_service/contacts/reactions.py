"""How contacts arrive with applications."""

from common.contracts.applications import ApplicationSubmitted
from common.storage.work import Work
from notifications_service.contacts.commands import name_contact
from notifications_service.messages.reactions import tell_applicant


async def learn_contact_when_submitted(work: Work, event: ApplicationSubmitted) -> None:
    """Keep whom the applicant named, and confirm the submission to him."""
    await name_contact(work, org=event.applicant, name=event.contact.name, email=event.contact.email)
    await tell_applicant(work, event)
