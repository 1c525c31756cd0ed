"""`/v1/applicants`: who applies, found by the code of the account, which is the USCC for all who have one."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from applications_service.intake.applicants import commands
from applications_service.intake.applicants.model import Applicant, Source
from applications_service.intake.applicants.storage import applicants, visible
from common.codes.divisions import DivisionCode
from common.codes.kinds import ApplicantKind
from common.codes.mail_address import EmailAddress
from common.codes.phones import Phone
from common.codes.uscc import UsccOrException
from common.contracts.applications.contacts import Contact
from common.contracts.applications.usccs import UsccException
from common.kernel.text import ShortText, TypedText
from common.storage.work import Found
from common.web.answers.pagination import Listed, Paging, page
from common.web.input.strict import Schema
from common.web.resources import Resource
from common.web.router import IfMatch, Router, Work

router = Router("applicants", key="org")
SEES = {"applicant", "recognition_officer", "office", "administrator"}


class ContactBody(Schema):
    """The contact person: personal data that only the applicant and the notifications see."""

    name: ShortText
    email: EmailAddress
    phone: Phone | None = None

    def contact(self, at: datetime) -> Contact:
        """Return the contact as the contract defines it, named at this instant."""
        return Contact(**self.model_dump(), named_at=at)


class NewApplicant(Schema):
    """An applicant to register; its USCC must be the actor's own. Persons and holders of old codes have none."""

    uscc: UsccOrException | None = None
    name: ShortText
    kind: ApplicantKind = ApplicantKind.ENTERPRISE
    division: DivisionCode
    contact: ContactBody


class DivisionConfirmation(BaseModel):
    """Who confirmed, and when, that the applicant belongs to its division."""

    model_config = ConfigDict(from_attributes=True)

    source: Source
    agency: str | None
    confirmed_at: datetime


class FormerName(BaseModel):
    """A name that it had, and the day on which it lost it."""

    name: str
    until_on: date


class NewDivision(Schema):
    """The county or city to which the organisation belongs."""

    division: DivisionCode


class ApplicantView(Resource):
    """An applicant, without its contact; `org` is the code of its accounts, `changed_on` the day of its last change."""

    id: str
    org: str
    uscc: str | None
    name: str
    kind: ApplicantKind
    division: str
    division_confirmation: DivisionConfirmation | None
    uscc_exception: UsccException | None
    former_names: list[FormerName]
    merged_into_org: str | None
    changed_on: date | None
    created_at: datetime


@router.command(allow={"applicant"}, shows=ApplicantView)
async def register_applicant(body: NewApplicant, work: Work) -> Applicant:
    """Register your organisation as an applicant."""
    fields = body.model_dump(exclude={"contact"})
    return await commands.register_applicant(work, **fields, contact=body.contact.contact(work.now))


@router.command("/{org}/contact", allow={"applicant"}, method="PUT", status=200, shows=ApplicantView)
async def change_contact(org: TypedText, body: ContactBody, work: Work, version: IfMatch) -> Applicant:
    """Name another person to write to."""
    return await commands.change_contact(work, org, version=version, contact=body.contact(work.now))


@router.command("/{org}/division", allow={"applicant"}, method="PUT", status=200, shows=ApplicantView)
async def correct_division(org: TypedText, body: NewDivision, work: Work, version: IfMatch) -> Applicant:
    """Correct your division; its recommender must confirm it unless your account names it."""
    return await commands.correct_division(work, org, version=version, division=body.division)


@router.query(allow=SEES, lists=ApplicantView)
async def list_applicants(work: Work, paging: Paging) -> Listed:
    """List the applicants that you may see."""
    table = Applicant.__table__.c
    statement = select(*(column for column in table if column.name != "contact")).where(visible(work.actor))
    sortable = {"created_at": table.created_at, "org": table.org, "uscc": table.uscc}
    return await page(work, statement, paging, sortable=sortable, sort="-created_at", key=table.id)


@router.query("/{org}", allow=SEES, shows=ApplicantView)
async def read_applicant(org: TypedText, work: Work) -> Found:
    """Read one applicant by the code of its accounts."""
    return await work.read(applicants, org)
