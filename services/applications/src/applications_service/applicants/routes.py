"""`/v1/applicants`: organisations that apply."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field
from sqlalchemy import select

from applications_service.applicants.commands import change_contact, register_applicant
from applications_service.applicants.model import Applicant
from applications_service.applicants.storage import applicants, visible
from common.contracts.applications import Contact
from common.divisions import DivisionCode
from common.text import EmailAddress, ShortText
from common.uscc import Uscc
from common.web.pagination import Page, Paging, page
from common.web.router import IfMatch, Router, Work
from common.web.strict import Resource, Schema

router = Router("applicants")
SEES = {"applicant", "recognition_officer", "office", "administrator"}


class ApplicantKind(StrEnum):
    """What kind of organisation applies; each programme says which kinds it admits."""

    ENTERPRISE = "enterprise"
    BRANCH = "branch"
    PUBLIC_INSTITUTION = "public_institution"
    ASSOCIATION = "association"


class ContactBody(Schema):
    """Whom to write to; personal, seen by the applicant and the notifications only."""

    name: ShortText
    email: EmailAddress
    phone: str | None = Field(default=None, pattern=r"^[0-9+ -]{5,25}$")

    def contact(self) -> Contact:
        """Return it as the contract's part."""
        return Contact(name=self.name, email=self.email, phone=self.phone)


class NewApplicant(Schema):
    """An organisation to register; its USCC must be the actor's own."""

    uscc: Uscc
    name: ShortText
    kind: ApplicantKind = ApplicantKind.ENTERPRISE
    division: DivisionCode
    contact: ContactBody


class ApplicantView(Resource):
    """An organisation, without its contact."""

    id: str
    uscc: str
    name: str
    kind: ApplicantKind
    division: str
    created_at: datetime


@router.command(allow={"applicant"}, location="/v1/applicants/{uscc}")
async def register(body: NewApplicant, work: Work) -> ApplicantView:
    """Register your organisation as an applicant."""
    fields = body.model_dump(exclude={"contact"})
    return ApplicantView.model_validate(
        await work.stored(register_applicant(work, **fields, contact=body.contact.contact()))
    )


@router.command("/{uscc}/contact", allow={"applicant"}, method="PUT", status=200)
async def put_contact(uscc: str, body: ContactBody, work: Work, version: IfMatch) -> ApplicantView:
    """Name another person to write to."""
    return ApplicantView.model_validate(
        await work.stored(change_contact(work, uscc, version=version, contact=body.contact()))
    )


@router.query(allow=SEES)
async def list_applicants(work: Work, paging: Paging) -> Page[ApplicantView]:
    """List the applicants that you may see."""
    table = Applicant.__table__.c
    statement = select(*(column for column in table if column.name != "contact")).where(visible(work.actor))
    sortable = {"created_at": table.created_at, "uscc": table.uscc}
    return await page(work, statement, paging, ApplicantView, sortable=sortable, sort="-created_at", key=table.id)


@router.query("/{uscc}", allow=SEES)
async def read_applicant(uscc: str, work: Work) -> ApplicantView:
    """Read one applicant by USCC."""
    return ApplicantView.model_validate(await work.read(applicants, uscc))
