"""The commands that record a change of an applicant, and what its open cases do, in one commit."""

from datetime import date

from sqlalchemy import and_

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.storage import all_applicants
from applications_service.intake.applications.commands import free_given_up
from applications_service.intake.applications.lifecycle import BEFORE_ACCEPTANCE, State
from applications_service.intake.applications.model import Application
from applications_service.intake.corrections.commands import have_cases_follow
from applications_service.intake.corrections.storage import cases, correctable
from common.storage.work import Work


async def rename_applicant(
    work: Work, org: str, *, version: int | None, name: str, changed_on: date, document: str
) -> Applicant:
    """Record another name; what is accepted already, and a title, keeps the name under which it was accepted."""
    applicant = await work.get(correctable, org, version=version)
    applicant.rename(name=name, changed_on=changed_on, document=document, by=work.actor, at=work.now)
    await have_cases_follow(work, applicant, reason=document)
    return applicant


async def merge_applicant(
    work: Work, org: str, *, version: int | None, into: str, changed_on: date, document: str
) -> Applicant:
    """Record a merger; what the applicant has not yet won or lost is withdrawn, or the review is asked to end it."""
    applicant = await work.get(correctable, org, version=version)
    remaining = await work.get(all_applicants, into)
    applicant.merge(remaining, changed_on=changed_on, document=document, by=work.actor, at=work.now)
    undecided = and_(Application.outcome.is_(None), Application.brand_number.is_(None))
    live = Application.state.in_((State.DRAFT, *BEFORE_ACCEPTANCE, State.ACCEPTED))
    for case in await work.find(cases, Application.applicant_id == applicant.id, live, undecided):
        before = case.attachments
        case.withdraw(by=work.actor, reason=document, at=work.now)
        await free_given_up(work, case, before)
    return applicant
