"""The event about an applicant (申报单位): who it is; agencies of its area see it."""

from pydantic import Field

from common.contracts.fields import (
    AgencyCode,
    ApplicantCode,
    ApplicantId,
    DivisionCode,
    HolderUscc,
    LegalName,
    ReasonText,
)
from common.kernel.event import Audience, Event
from common.kernel.values.times import Instant


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
