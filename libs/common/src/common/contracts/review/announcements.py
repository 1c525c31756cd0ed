"""The events about announcements (公告); everybody may see them.

A case that is withdrawn after the confirmation is not announced; the digest stays that of the confirmed list.
"""

from pydantic import Field

from common.contracts.fields import (
    AnnouncementId,
    ApplicantCode,
    ApplicantId,
    ApplicationId,
    DeliberationId,
    DocumentNumber,
    HonourCode,
    Item,
    LegalName,
    ListDigest,
    RoundId,
    Year,
)
from common.kernel.event import Audience, Event, Part
from common.kernel.values.numbers import Ordinal
from common.kernel.values.times import ActDay


class AnnouncementEvent(Event, service="review", audience=Audience.PUBLIC, subject="announcement_id"):
    """What all events about an announcement (公告) carry."""

    announcement_id: AnnouncementId
    round_id: RoundId
    honour: HonourCode
    year: Year


class AnnouncedCase(Part):
    """One recognised case."""

    application_id: ApplicationId
    applicant_id: ApplicantId
    applicant: ApplicantCode
    applicant_name: LegalName
    item: Item
    rank: Ordinal = Field(description="The place in the list, from 1.", examples=[12])


class AnnouncementPublished(AnnouncementEvent, large=True):
    """公告: the confirmed list was announced under a document number and takes effect."""

    deliberation_id: DeliberationId
    list_digest: ListDigest
    document_number: DocumentNumber
    effective_on: ActDay = Field(description="The day it takes effect.", examples=["2015-12-20"])
    items: tuple[AnnouncedCase, ...] = Field(
        description="Every recognised case, best first.",
        examples=[
            [
                {
                    "application_id": "app_01506b3a-7c00-7000-8000-000000000003",
                    "applicant_id": "apl_01506b3a-7c00-7000-8000-00000000000c",
                    "applicant": "91370102MA0000001W",
                    "applicant_name": "山东名牌示范食品有限公司",
                    "item": "示范牌花生油",
                    "rank": 12,
                }
            ]
        ],
    )
