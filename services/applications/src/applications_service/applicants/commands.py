"""What can be done with an applicant."""

from applications_service.applicants.model import Applicant
from applications_service.applicants.refusals import NotYourOrganisation
from applications_service.applicants.storage import applicants
from common.contracts.applications import Contact
from common.storage.work import Work


async def register_applicant(
    work: Work, *, uscc: str, name: str, kind: str, division: str, contact: Contact
) -> Applicant:
    """Register the actor's own organisation."""
    if uscc != work.actor.org:
        raise NotYourOrganisation
    applicant = Applicant(
        id=work.new_id("apl"),
        uscc=uscc,
        name=name,
        kind=kind,
        division=division,
        contact=contact.model_dump(),
        created_at=work.now,
    )
    applicant.register()
    return work.add(applicant)


async def change_contact(work: Work, uscc: str, *, version: int | None, contact: Contact) -> Applicant:
    """Name another person to write to."""
    applicant = await work.get(applicants, uscc, version=version)
    applicant.change_contact(contact)
    return applicant
