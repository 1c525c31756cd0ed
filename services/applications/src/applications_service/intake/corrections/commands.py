"""The command that corrects an applicant and has its open cases follow, in one commit."""

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.refusals import ApplicantHasTitle, ApplicantUnderReview
from applications_service.intake.applications.commands import terms_of
from applications_service.intake.applications.lifecycle import BEFORE_ACCEPTANCE, UNDER_REVIEW, State
from applications_service.intake.applications.model import Application
from applications_service.intake.corrections.storage import cases, correctable
from common.contracts.review.reviews import Outcome
from common.storage.work import Work


async def correct_applicant(
    work: Work, org: str, *, version: int | None, name: str, division: str, reason: str
) -> Applicant:
    """Correct the name and the division of an applicant; each case that is not accepted yet follows.

    Raises ApplicantHasTitle, and ApplicantUnderReview while the review has a case of it.
    """
    applicant = await work.get(correctable, org, version=version)
    reviewed = await work.find(cases, Application.applicant_id == applicant.id, Application.state.in_(UNDER_REVIEW))
    if any(case.outcome == Outcome.RECOGNISED for case in reviewed):
        raise ApplicantHasTitle
    if any(case.outcome is None for case in reviewed):
        raise ApplicantUnderReview
    applicant.correct(name=name, division=division, by=work.actor, reason=reason, at=work.now)
    await have_cases_follow(work, applicant, reason=reason)
    return applicant


async def have_cases_follow(work: Work, applicant: Applicant, *, reason: str) -> None:
    """Have each case that is not accepted yet take over the name and the division of its applicant."""
    open_states = (State.DRAFT, *BEFORE_ACCEPTANCE)
    for case in await work.find(cases, Application.applicant_id == applicant.id, Application.state.in_(open_states)):
        case.correct(applicant, by=work.actor, terms=await terms_of(work, case), reason=reason, at=work.now)
