"""What the applications service tells: programmes and rounds to everybody, applications to agencies.

An application's snapshot and contact stay on the internal topic; everything else in an event may leave it.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from common.contracts.envelope import INTERNAL, Audience, Event, Part
from common.contracts.fields import (
    AgencyCode,
    ApplicationId,
    Content,
    DivisionCode,
    Edition,
    HonourCode,
    Instant,
    ProgrammeDigest,
    ProgrammeId,
    ReasonText,
    RoundId,
    SnapshotDigest,
    Uscc,
    Year,
)


class Level(StrEnum):
    """The level of the recommendation chain at which something happened."""

    COUNTY = "county"
    CITY = "city"
    RECOGNITION_BODY = "recognition_body"


class Names(Part):
    """A name in both languages."""

    zh: str = Field(description="The Chinese name.", examples=["山东名牌产品"])
    en: str = Field(description="The English name.", examples=["Shandong Famous Product"])


class Contact(Part):
    """Whom to reach at the applicant: personal, so it never leaves the internal topic."""

    name: str = Field(description="The person's name.", examples=["示范联系人"])
    email: str = Field(description="The mail address.", examples=["contact@applicant.example"])
    phone: str | None = Field(default=None, description="The telephone number, if given.", examples=["0531-00000000"])


class ProgrammeEvent(Event, service="applications", audience=Audience.PUBLIC, subject="programme_id"):
    """What all events about a programme (荣誉方案) carry."""

    programme_id: ProgrammeId
    honour: HonourCode
    edition: Edition


class ProgrammePublished(ProgrammeEvent):
    """方案发布: an edition of an honour's programme was published, whole, under its digest."""

    digest: ProgrammeDigest
    names: Names = Field(
        description="The name of the honour in both languages.",
        examples=[{"zh": "山东名牌产品", "en": "Shandong Famous Product"}],
    )
    definition: Content = Field(
        description="The whole definition, as the programme schema describes it; the digest is taken over it.",
        examples=[{"honour": "FAMOUS_PRODUCT", "edition": 1, "quota": {"total": 300}}],
    )


class RoundEvent(Event, service="applications", audience=Audience.PUBLIC, subject="round_id"):
    """What all events about a round (年度) carry."""

    round_id: RoundId
    honour: HonourCode
    year: Year


class RoundOpened(RoundEvent):
    """申报启动: a round opened and pinned the edition of the programme that its cases keep."""

    programme_id: ProgrammeId
    edition: Edition
    programme_digest: ProgrammeDigest
    opens_at: Instant = Field(
        description="The instant from which applications are taken.", examples=["2015-10-08T01:00:00Z"]
    )
    closes_at: Instant = Field(
        description="The instant from which applications are no longer taken.", examples=["2015-10-31T09:00:00Z"]
    )


class RoundClosed(RoundEvent):
    """申报截止: the office closed the round; nothing can be submitted to it any more."""


class ApplicationEvent(Event, service="applications", audience=Audience.AGENCY, subject="application_id"):
    """What all events about an application (申报) carry."""

    application_id: ApplicationId
    round_id: RoundId
    honour: HonourCode
    applicant: Uscc
    division: DivisionCode


class ApplicationSubmitted(ApplicationEvent):
    """申报提交: the applicant handed the application in and got a receipt for its digest."""

    digest: SnapshotDigest
    receipt_number: str = Field(description="The number of the receipt (回执).", examples=["SQ-2015-000001-7"])
    submitted_at: Instant = Field(description="When it was handed in.", examples=["2015-10-09T02:15:00Z"])
    snapshot: Annotated[Content, INTERNAL] = Field(
        description="Everything that was handed in, as the digest covers it.",
        examples=[{"item": "示范牌花生油", "answers": {"sales_fen": "1234500"}, "attachments": []}],
    )
    contact: Annotated[Contact, INTERNAL] = Field(
        description="Whom to write to at the applicant.",
        examples=[{"name": "示范联系人", "email": "contact@applicant.example", "phone": "0531-00000000"}],
    )


class ApplicationReturned(ApplicationEvent):
    """申报退回: a level of the recommendation chain returned the application for correction."""

    level: Level = Field(description="The level that returned it.", examples=["county"])
    reason: ReasonText


class ApplicationRecommended(ApplicationEvent):
    """推荐: a level of the recommendation chain recommended the application to the next one."""

    level: Level = Field(description="The level that recommended it.", examples=["county"])
    agency: AgencyCode
    recommended_at: Instant = Field(description="When it was recommended.", examples=["2015-10-12T03:00:00Z"])


class SupplementRequested(ApplicationEvent):
    """补正通知: the recognition body asked, once, for what is missing."""

    reason: ReasonText
    due_on: date = Field(description="The last day, in Asia/Shanghai, to supply it.", examples=["2015-10-20"])


class SupplementReceived(ApplicationEvent):
    """补正提交: the applicant supplied what was missing; the content has a new digest."""

    digest: SnapshotDigest


class ApplicationAccepted(ApplicationEvent):
    """受理: the recognition body accepted the application and hands an immutable snapshot to the review."""

    digest: SnapshotDigest
    programme_digest: ProgrammeDigest
    edition: Edition
    accepted_at: Instant = Field(description="When it was accepted.", examples=["2015-10-21T02:00:00Z"])
    recommenders: Annotated[tuple[str, ...], INTERNAL] = Field(
        description="The codes of the agencies that recommended it, in order, who are told how it ends.",
        examples=[["370102-recommender", "370100-recommender"]],
    )
    snapshot: Annotated[Content, INTERNAL] = Field(
        description="Everything that was accepted, as the digest covers it.",
        examples=[{"item": "示范牌花生油", "answers": {"sales_fen": "1234500"}, "attachments": []}],
    )


class ApplicationRejected(ApplicationEvent):
    """不予受理: the recognition body found that the application cannot be accepted."""

    reasons: tuple[str, ...] = Field(
        description="The reasons as the recognition body wrote them, at least one.",
        examples=[["申报产品未在申报目录内。"]],
    )


class ApplicationWithdrawn(ApplicationEvent):
    """撤回: the applicant withdrew the application; a review of it that has not ended stops."""

    reason: str = Field(
        description="The reason the applicant gave, possibly empty.", examples=["企业改制，本年度不再申报。"]
    )
