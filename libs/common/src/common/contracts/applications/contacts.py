"""The event about whom to reach at an applicant: personal, so it stays on the internal topic."""

from typing import Annotated

from pydantic import AfterValidator, Field

from common.codes.mail_address import LONGEST, mail_address
from common.codes.phones import Phone
from common.contracts.fields import ApplicantCode, Key
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


class ContactEvent(Event, service="applications", audience=Audience.INTERNAL, subject="contact_id"):
    """What all events about a contact (联系人) carry."""

    contact_id: Key = Field(
        description="The id of the contact: that of its applicant.",
        examples=["apl_01506b3a-7c00-7000-8000-00000000000c"],
    )
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
