"""What the review service tells: notices and announcements to everybody, the way to them to agencies.

No event carries a score, a reviewer or a complainant outside; what the registry needs travels in `registration`,
on the internal topic only.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from common.contracts.envelope import INTERNAL, Audience, Event, Part
from common.contracts.fields import (
    AnnouncementId,
    ApplicationId,
    DeliberationId,
    DivisionCode,
    DocumentNumber,
    Edition,
    HonourCode,
    Instant,
    Item,
    LegalName,
    NoticeId,
    ObjectionId,
    ProgrammeDigest,
    RankingId,
    ReasonText,
    ReviewId,
    RoundId,
    Uscc,
    Year,
)


class Outcome(StrEnum):
    """How a review ends."""

    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"


class Verdict(StrEnum):
    """How an objection ends."""

    UPHELD = "upheld"
    REJECTED = "rejected"


class ReviewEvent(Event, service="review", audience=Audience.AGENCY, subject="review_id"):
    """What all events about a review (评审) carry."""

    review_id: ReviewId
    application_id: ApplicationId
    round_id: RoundId
    honour: HonourCode
    applicant: Uscc
    division: DivisionCode


class ReviewOpened(ReviewEvent):
    """评审启动: an accepted application came under review."""


class PanelDrawn(ReviewEvent):
    """专家抽取: a panel was drawn for the review; the event names nobody."""

    draw_id: str = Field(
        description="The id of the draw, by which it can be recomputed.",
        examples=["drw_01506b3a-7c00-7000-8000-00000000000d"],
    )
    size: int = Field(description="How many sit on the panel.", examples=[5])


class ReviewScored(ReviewEvent):
    """评分完成: the last sheet of the panel came in; the figures stay sealed."""


class Registration(Part):
    """What the registry needs, beside the event's own fields, to enter a recognised title without asking anybody."""

    item: Item
    year: Year
    programme_digest: ProgrammeDigest
    edition: Edition
    document_number: DocumentNumber
    effective_on: date = Field(description="The day the announcement takes effect.", examples=["2015-12-20"])
    validity_years: int | None = Field(
        description="How many years the title is valid; null when it has no end.", examples=[3]
    )
    number_pattern: str = Field(
        description="The pattern of the brand number, as the programme gives it.", examples=["FP{year}-{serial:05d}"]
    )


class ReviewCompleted(ReviewEvent):
    """评审终结: the review ended for good, in recognition or not; it is never undone."""

    outcome: Outcome = Field(description="Whether the applicant is recognised.", examples=["recognised"])
    rank: int | None = Field(
        description="The place in the list, from 1; null when the case was not ranked.", examples=[12]
    )
    reasons: tuple[str, ...] = Field(
        description="The codes of the reasons; empty when the case is recognised.", examples=[[]]
    )
    announcement_id: AnnouncementId | None = Field(
        description="The id of the announcement that made it effective; null when there was none.",
        examples=["ann_01506b3a-7c00-7000-8000-000000000009"],
    )
    applicant_name: LegalName
    recommenders: Annotated[tuple[str, ...], INTERNAL] = Field(
        description="The codes of the agencies that recommended it, in order, who are told how it ends.",
        examples=[["370102-recommender", "370100-recommender"]],
    )
    registration: Annotated[Registration | None, INTERNAL] = Field(
        description="What the registry needs to enter the title; null when the case is not recognised.",
        examples=[
            {
                "item": "示范牌花生油",
                "year": 2015,
                "programme_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "edition": 1,
                "document_number": "鲁名牌字〔2015〕8号",
                "effective_on": "2015-12-20",
                "validity_years": 3,
                "number_pattern": "FP{year}-{serial:05d}",
            }
        ],
    )


class RankingEvent(Event, service="review", audience=Audience.AGENCY, subject="ranking_id"):
    """What all events about a ranking (综合评价) carry."""

    ranking_id: RankingId
    round_id: RoundId
    honour: HonourCode


class RankedCase(Part):
    """One case of the list: its place, and whether the quota admits it."""

    review_id: ReviewId
    application_id: ApplicationId
    applicant: Uscc
    rank: int = Field(description="The place in the list, from 1; ties share one.", examples=[12])
    admitted: bool = Field(description="Whether it is above the quota line.", examples=[True])


class ShortlistProposed(RankingEvent):
    """名单提出: the ranking of the round was made and places were reserved within the quota."""

    quota: int = Field(description="名额: how many places the round has at most.", examples=[300])
    items: tuple[RankedCase, ...] = Field(
        description="Every ranked case, best first.",
        examples=[
            [
                {
                    "review_id": "rev_01506b3a-7c00-7000-8000-000000000004",
                    "application_id": "app_01506b3a-7c00-7000-8000-000000000003",
                    "applicant": "91370102MA0000001W",
                    "rank": 12,
                    "admitted": True,
                }
            ]
        ],
    )


class NoticeEvent(Event, service="review", audience=Audience.PUBLIC, subject="notice_id"):
    """What all events about a public notice (公示) carry."""

    notice_id: NoticeId
    round_id: RoundId
    honour: HonourCode
    year: Year


class NoticeItem(Part):
    """One case that the public may object to."""

    application_id: ApplicationId
    applicant: Uscc
    applicant_name: LegalName
    item: Item


class NoticePublished(NoticeEvent):
    """公示: the shortlist was put before the public, who may object until the last day."""

    opens_on: date = Field(description="The first day on which one may object.", examples=["2015-11-20"])
    closes_on: date = Field(description="The last day on which one may object.", examples=["2015-11-27"])
    estimated: bool = Field(
        description="Whether the last day rests on a year whose holidays were not yet published.", examples=[False]
    )
    items: tuple[NoticeItem, ...] = Field(
        description="Every case on notice.",
        examples=[
            [
                {
                    "application_id": "app_01506b3a-7c00-7000-8000-000000000003",
                    "applicant": "91370102MA0000001W",
                    "applicant_name": "山东名牌示范食品有限公司",
                    "item": "示范牌花生油",
                }
            ]
        ],
    )


class Objector(Part):
    """Who objects: known to nobody but the officers who answer."""

    name: str = Field(description="The name given.", examples=["示范异议人"])
    contact: str = Field(description="How to reach the person.", examples=["objector@citizen.example"])
    real_name: bool = Field(description="实名: whether it was filed under a real name.", examples=[True])


class ObjectionEvent(Event, service="review", audience=Audience.AGENCY, subject="objection_id"):
    """What all events about an objection (异议) carry."""

    objection_id: ObjectionId
    notice_id: NoticeId
    review_id: ReviewId
    application_id: ApplicationId
    applicant: Uscc
    division: DivisionCode


class ObjectionFiled(ObjectionEvent):
    """异议提出: somebody objected to a case on notice; who and on what grounds stays inside."""

    filed_at: Instant = Field(description="When it was filed.", examples=["2015-11-24T06:30:00Z"])
    objector: Annotated[Objector, INTERNAL] = Field(
        description="Who objects.",
        examples=[{"name": "示范异议人", "contact": "objector@citizen.example", "real_name": True}],
    )
    grounds: Annotated[str, INTERNAL] = Field(
        description="What is objected, in the objector's own words.", examples=["申报的商标使用权存在争议。"]
    )


class ObjectionResolved(ObjectionEvent):
    """异议处理: the objection was answered; one that is upheld takes the case off the shortlist."""

    verdict: Verdict = Field(description="Whether it is upheld.", examples=["rejected"])
    reason: ReasonText


class DeliberationEvent(Event, service="review", audience=Audience.AGENCY, subject="deliberation_id"):
    """What all events about a deliberation (审定) carry."""

    deliberation_id: DeliberationId
    ranking_id: RankingId
    round_id: RoundId
    honour: HonourCode


class DeliberationConcluded(DeliberationEvent):
    """审定表决: the recognition body voted on the list after the notice had closed."""

    votes_for: int = Field(description="How many voted for the list.", examples=[9])
    votes_against: int = Field(description="How many voted against it.", examples=[1])
    abstained: int = Field(description="How many abstained.", examples=[1])


class ListHeld(DeliberationEvent):
    """暂缓确认: the leading group's office holds the list until a question is settled."""

    reason: ReasonText


class ListReturned(DeliberationEvent):
    """退回名单: the leading group's office returned the list for a new deliberation."""

    reason: ReasonText


class ListRefused(DeliberationEvent):
    """不予确认: the leading group's office refused the list; none of its cases is recognised."""

    reason: ReasonText


class ListConfirmed(DeliberationEvent):
    """确认名单: the leading group's office confirmed the list; it can be announced."""


class AnnouncementEvent(Event, service="review", audience=Audience.PUBLIC, subject="announcement_id"):
    """What all events about an announcement (公告) carry."""

    announcement_id: AnnouncementId
    round_id: RoundId
    honour: HonourCode
    year: Year


class AnnouncedCase(Part):
    """One recognised case."""

    application_id: ApplicationId
    applicant: Uscc
    applicant_name: LegalName
    item: Item
    rank: int = Field(description="The place in the list, from 1.", examples=[12])


class AnnouncementPublished(AnnouncementEvent):
    """公告: the confirmed list was announced under a document number and takes effect."""

    document_number: DocumentNumber
    effective_on: date = Field(description="The day it takes effect.", examples=["2015-12-20"])
    items: tuple[AnnouncedCase, ...] = Field(
        description="The whole list, best first.",
        examples=[
            [
                {
                    "application_id": "app_01506b3a-7c00-7000-8000-000000000003",
                    "applicant": "91370102MA0000001W",
                    "applicant_name": "山东名牌示范食品有限公司",
                    "item": "示范牌花生油",
                    "rank": 12,
                }
            ]
        ],
    )
