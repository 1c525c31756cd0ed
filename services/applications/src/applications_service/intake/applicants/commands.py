"""The commands on an applicant."""

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import NotYourOrganisation, UsccMissing
from applications_service.intake.applicants.storage import applicants
from applications_service.intake.exceptions.storage import mark_of
from common.codes import uscc as usccs
from common.contracts.applications.contacts import Contact
from common.storage.work import Work


async def register_applicant(
    work: Work, *, uscc: str | None, name: str, kind: str, division: str, contact: Contact
) -> Applicant:
    """Register the actor's own organisation, or the person himself, under the code of the account.

    Raises UsccMissing when that is a USCC and none is given, and NotYourOrganisation when another one is.
    """
    mark = None if uscc is None else await mark_of(work, uscc)
    if uscc is None and usccs.has_form(work.actor.org):
        raise UsccMissing
    if uscc is not None and uscc != work.actor.org:
        raise NotYourOrganisation
    applicant = Applicant(
        id=work.new_id(Applicant),
        org=work.actor.org,
        uscc=uscc,
        name=name,
        kind=kind,
        division=division,
        contact=contact.model_dump(mode="json"),
        created_at=work.now,
        uscc_exception=mark,
    )
    applicant.register(by=work.actor, at=work.now)
    return work.add(applicant)


async def change_contact(work: Work, org: str, *, version: int | None, contact: Contact) -> Applicant:
    """Change the contact person."""
    applicant = await work.get(applicants, org, version=version)
    applicant.change_contact(contact)
    return applicant


async def correct_division(work: Work, org: str, *, version: int | None, division: str) -> Applicant:
    """Correct the division of the actor's organisation."""
    applicant = await work.get(applicants, org, version=version)
    applicant.correct_division(division, by=work.actor, at=work.now)
    return applicant
