"""The events about public notices (公示); everybody may see them."""

from pydantic import Field

from common.contracts.fields import (
    ApplicantCode,
    ApplicantId,
    ApplicationId,
    HonourCode,
    Item,
    LegalName,
    NoticeId,
    RoundId,
    Year,
)
from common.kernel.event import Audience, Event, Part
from common.kernel.values.times import ActDay, Day


class NoticeEvent(Event, service="review", audience=Audience.PUBLIC, subject="notice_id"):
    """What all events about a public notice (公示) carry."""

    notice_id: NoticeId
    round_id: RoundId
    honour: HonourCode
    year: Year


class NoticeItem(Part):
    """One case that the public may object to."""

    application_id: ApplicationId
    applicant_id: ApplicantId
    applicant: ApplicantCode
    applicant_name: LegalName
    item: Item


class NoticePublished(NoticeEvent, large=True):
    """公示: the shortlist was put before the public, who may object until the last day."""

    supplementary: bool = Field(
        description="Whether it is a later notice of its own, for cases that no earlier one has shown.",
        examples=[False],
    )

    opens_on: ActDay = Field(description="The first day on which one may object.", examples=["2015-11-20"])
    closes_on: Day = Field(description="The last day on which one may object.", examples=["2015-11-27"])
    estimated: bool = Field(
        description="Whether the last day rests on a year whose holidays were not yet published.", examples=[False]
    )
    items: tuple[NoticeItem, ...] = Field(
        description="Every case on notice.",
        examples=[
            [
                {
                    "application_id": "app_01506b3a-7c00-7000-8000-000000000003",
                    "applicant_id": "apl_01506b3a-7c00-7000-8000-00000000000c",
                    "applicant": "91370102MA0000001W",
                    "applicant_name": "山东名牌示范食品有限公司",
                    "item": "示范牌花生油",
                }
            ]
        ],
    )
