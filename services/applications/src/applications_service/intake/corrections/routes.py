"""`/v1/applicants/{org}/corrections`: a mistake in the name or the division of an applicant."""

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.routes import ApplicantView, router
from applications_service.intake.corrections import commands
from common.codes.divisions import DivisionCode
from common.kernel.text import ShortText, TypedText
from common.web.input.parts import Reason
from common.web.router import IfMatch, Work

__all__ = ["router"]


class Correction(Reason):
    """The right name and division of an applicant; one that is right already is given as it is."""

    name: ShortText
    division: DivisionCode


@router.command("/{org}/corrections", allow={"recommender", "recognition_officer"}, shows=ApplicantView)
async def correct_applicant(org: TypedText, body: Correction, work: Work, version: IfMatch) -> Applicant:
    """Correct the name or the division of an applicant before it has a title; its open applications follow."""
    return await commands.correct_applicant(work, org, version=version, **body.model_dump())
