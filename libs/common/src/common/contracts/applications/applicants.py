"""The events about an applicant (申报单位): who it is; agencies of its area see them."""

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
from common.kernel.values.times import Day, Instant


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


class ApplicantChangeEvent(ApplicantEvent):
    """What both changes carry that the registration authority has recorded."""

    changed_on: Day = Field(description="The day of the change.", examples=["2015-09-01"])
    document: LegalName = Field(
        description="The registration authority's notice.", examples=["济市监变准字〔2015〕18号"]
    )
    agency: AgencyCode
    recorded_at: Instant = Field(description="When it was recorded here.", examples=["2015-10-13T03:00:00Z"])


class ApplicantRenamed(ApplicantChangeEvent):
    """申报单位更名: it has another name; its cases that are not accepted yet follow, what is accepted keeps its own."""

    name: LegalName
    name_before: LegalName


class ApplicantMerged(ApplicantChangeEvent):
    """申报单位合并: it was merged into another, which has its titles and bars from then on."""

    into_id: ApplicantId
    into: ApplicantCode
