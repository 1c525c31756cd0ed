"""The events about applicants: agencies of the area see who it is; whom to reach there stays on the internal topic."""

from typing import Annotated

from pydantic import AfterValidator, Field

from common.codes.mail_address import LONGEST, mail_address
from common.codes.phones import Phone
from common.contracts.fields import (
    AgencyCode,
    ApplicantCode,
    ApplicantId,
    DivisionCode,
    HolderUscc,
    LegalName,
    ReasonText,
)
from common.kernel.event import Audience, Event, Part
from common.kernel.text import ShortText
from common.kernel.values.ruled import RULED
from common.kernel.values.times import Instant


class Contact(Part):
    """Whom to reach at the applicant: personal, so it never leaves the internal topic."""

    name: ShortText = Field(description="The person's name.", examples=["示范联系人"])
    email: Annotated[str, AfterValidator(mail_address), RULED] = Field(
        max_length=LONGEST,
        description="The mail address; its domain may be written in Chinese.",
        examples=["contact@applicant.example"],
    )
    phone: Phone | None = Field(default=None, description="The telephone number, if given.", examples=["0531-00000000"])
    named_at: Instant = Field(
        description="When the applicant named him; of two contacts, the one named later is written to.",
        examples=["2015-10-09T02:00:00Z"],
    )


class ContactEvent(Event, service="applications", audience=Audience.INTERNAL, subject="applicant_id"):
    """What all events about a contact (联系人) carry."""

    applicant_id: ApplicantId
    applicant: ApplicantCode


class ContactChanged(ContactEvent):
    """联系人变更: the applicant named another person to write to."""

    contact: Contact = Field(
        description="Whom to write to from now on.",
        examples=[
            {
                "name": "示范联系人",
                "email": "contact@applicant.example",
                "phone": "0531-00000000",
                "named_at": "2015-10-09T02:00:00Z",
            }
        ],
    )


class ApplicantEvent(Event, service="applications", audience=Audience.AGENCY, subject="applicant_id"):
    """What all events about an applicant (申报单位) carry."""

    applicant_id: ApplicantId
    applicant: ApplicantCode
    uscc: HolderUscc
    division: DivisionCode


class ApplicantCorrected(ApplicantEvent):
    """申报单位更正: a mistake in its name or division was corrected before its first title; its open cases follow."""

    name: LegalName
    name_before: LegalName
    division_before: DivisionCode
    agency: AgencyCode
    reason: ReasonText
    corrected_at: Instant = Field(description="When it was corrected.", examples=["2015-10-13T03:00:00Z"])
