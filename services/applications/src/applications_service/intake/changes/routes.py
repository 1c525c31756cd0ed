"""`/v1/applicants/{org}/renames` and `/mergers`: what the registration authority has recorded of an applicant."""

from applications_service.intake.applicants.model import Applicant
from applications_service.intake.applicants.routes import ApplicantView
from applications_service.intake.changes import commands
from applications_service.intake.corrections.routes import router
from common.kernel.text import ShortText, TypedText
from common.kernel.values.times import Day
from common.web.input.strict import Schema
from common.web.router import IfMatch, Work

__all__ = ["router"]


class Change(Schema):
    """When the change took place, and the registration authority's notice of it."""

    changed_on: Day
    document: ShortText


class Rename(Change):
    """The name that the applicant has since then."""

    name: ShortText


class Merger(Change):
    """The registered applicant that remains, by the code of its accounts."""

    into: TypedText


@router.command("/{org}/renames", allow={"recommender", "recognition_officer"}, shows=ApplicantView)
async def rename_applicant(org: TypedText, body: Rename, work: Work, version: IfMatch) -> Applicant:
    """Record that an applicant has another name; its applications that are not accepted yet follow."""
    return await commands.rename_applicant(work, org, version=version, **body.model_dump())


@router.command("/{org}/mergers", allow={"recommender", "recognition_officer"}, shows=ApplicantView)
async def merge_applicant(org: TypedText, body: Merger, work: Work, version: IfMatch) -> Applicant:
    """Record that an applicant was merged into another, which has its titles and bars from then on."""
    return await commands.merge_applicant(work, org, version=version, **body.model_dump())
