"""The reactions that notify organisations of events."""

from collections.abc import Iterable

from common.contracts.applications.applicants import ApplicantCorrected, ApplicantMerged, ApplicantRenamed
from common.contracts.applications.applications import ApplicationEvent, ApplicationSubmitted
from common.contracts.applications.reminders import TermReminded
from common.contracts.review.reminders import DeskReminded
from common.kernel.event import Event
from common.storage.work import Work
from notifications_service.letters.contacts.reactions import keep_applicants_contact
from notifications_service.letters.messages.commands import write_message


async def notify(work: Work, event: Event, orgs: Iterable[str]) -> None:
    """Write one message to each organisation, each once."""
    for org in dict.fromkeys(orgs):
        await write_message(work, event=event, org=org)


async def notify_applicant(work: Work, event: ApplicationEvent) -> None:
    """Notify the applicant of what happened to his application."""
    await notify(work, event, [event.applicant])


async def confirm_when_submitted(work: Work, event: ApplicationSubmitted) -> None:
    """Store the contact that the applicant named, and confirm the submission to him."""
    await keep_applicants_contact(work, event.applicant, event.contact)
    await work.flush()  # so that the message finds the contact
    await notify_applicant(work, event)


async def write_to_registered(work: Work, event: ApplicantCorrected | ApplicantRenamed) -> None:
    """Notify an applicant that its name or division was corrected, or another name recorded."""
    await notify(work, event, [event.applicant])


async def write_to_merged(work: Work, event: ApplicantMerged) -> None:
    """Notify both applicants of a merger: the one that ended and the one that remains."""
    await notify(work, event, [event.applicant, event.into])


async def remind(work: Work, event: TermReminded | DeskReminded) -> None:
    """Remind those who have something on their desk; a draft's owner too, although no other event is about it."""
    await notify(work, event, event.recipients)
