"""Who is told about what."""

from collections.abc import Iterable

from common.contracts.applications import ApplicationEvent, ApplicationSubmitted
from common.contracts.envelope import Event
from common.storage.work import Work
from notifications_service.contacts.commands import name_contact
from notifications_service.messages.commands import write_message


async def tell(work: Work, event: Event, orgs: Iterable[str]) -> None:
    """Write one message to each organisation, each once."""
    for org in dict.fromkeys(orgs):
        await write_message(work, event=event, org=org)


async def tell_applicant(work: Work, event: ApplicationEvent) -> None:
    """Tell the applicant what became of his application."""
    await tell(work, event, [event.applicant])


async def confirm_when_submitted(work: Work, event: ApplicationSubmitted) -> None:
    """Keep whom the applicant named, and confirm the submission to him."""
    await name_contact(work, org=event.applicant, name=event.contact.name, email=event.contact.email)
    await work.flush()  # the message looks its contact up
    await tell_applicant(work, event)
