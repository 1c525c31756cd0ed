"""The events about the review (评审) of a case; each agency sees those of its own area.

No event shows a score or a reviewer outside our services. The data that the registry needs is in `registration`, on the
internal topic only.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from common.contracts.applications.usccs import UsccException
from common.contracts.fields import (
    AnnouncementId,
    ApplicantCode,
    ApplicantId,
    ApplicationId,
    DivisionCode,
    DocumentNumber,
    Edition,
    HolderUscc,
    HonourCode,
    Item,
    ItemCategory,
    ItemScope,
    Key,
    LegalName,
    Models,
    ProgrammeDigest,
    ReasonText,
    Recommenders,
    ReviewId,
    RoundId,
    SnapshotDigest,
    Trademark,
    Year,
)
from common.kernel.event import INTERNAL, Audience, Event, Part
from common.kernel.text import ShortText
from common.kernel.values.numbers import Count, Ordinal, Years
from common.kernel.values.times import ActDay, Day


class Outcome(StrEnum):
    """How a review ends."""

    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"


class WithdrawalOutcome(StrEnum):
    """How the review settles a request to withdraw."""

    WITHDRAWN = "withdrawn"
    TOO_LATE = "too_late"


class PanelCause(StrEnum):
    """What changed a panel after the draw."""

    RECUSED = "recused"
    VOIDED = "voided"
    REPLACED = "replaced"
    FILLED = "filled"


Readers = Annotated[
    tuple[ShortText, ...],
    INTERNAL,
    Field(
        max_length=50,
        description="The subjects of the experts who sit on the panel: they may read the case's attachments.",
        examples=[["expert-1", "expert-2", "expert-3", "expert-4", "expert-5"]],
    ),
]
"""Who reads the case's attachments; on the internal topic only."""


class ReviewEvent(Event, service="review", audience=Audience.AGENCY, subject="review_id"):
    """What all events about a review (评审) carry."""

    review_id: ReviewId
    application_id: ApplicationId
    round_id: RoundId
    honour: HonourCode
    applicant_id: ApplicantId
    applicant: ApplicantCode
    division: DivisionCode


class ReviewOpened(ReviewEvent):
    """评审启动: an accepted application came under review."""


class PanelDrawn(ReviewEvent):
    """专家抽取: a panel was drawn for the review; the event names nobody."""

    draw_id: Key = Field(
        description="The id of the draw, by which it can be recomputed.",
        examples=["drw_01506b3a-7c00-7000-8000-00000000000d"],
    )
    size: Ordinal = Field(description="How many sit on the panel.", examples=[5])
    vacant: Count = Field(description="How many seats of the panel are vacant.", examples=[0])
    due_on: Day = Field(description="The last day on which the sheets are due.", examples=["2015-10-29"])
    readers: Readers


class PanelChanged(ReviewEvent):
    """评审组调整: a seat of the panel was emptied or filled; the event names nobody."""

    cause: PanelCause = Field(description="What changed the panel.", examples=["recused"])
    size: Count = Field(description="How many sit on the panel now.", examples=[5])
    vacant: Count = Field(description="How many seats of the panel are vacant now.", examples=[0])
    readers: Readers


class PanelDissolved(ReviewEvent):
    """评审组重组: two persons dissolved the panel; its sheets are void and the case waits for a new draw."""

    reason: ReasonText


class ReviewScored(ReviewEvent):
    """评分完成: the last sheet of the panel came in; the figures stay sealed."""


class ReviewHeld(ReviewEvent):
    """暂缓办理: the leading group's office holds the case; meanwhile it is neither shown, voted on nor announced."""

    reason: ReasonText


class ReviewReleased(ReviewEvent):
    """恢复办理: the leading group's office released the case that it had held."""

    reason: ReasonText


class WithdrawalSettled(ReviewEvent):
    """撤回处理: the review settled a request to withdraw: the case ends, or it was too late and the outcome stands."""

    outcome: WithdrawalOutcome = Field(
        description="Whether the case is withdrawn, or the request came after the review had ended.",
        examples=["too_late"],
    )
    concluded_as: Outcome | None = Field(
        description="How the review had ended before the request; null when the case is withdrawn.",
        examples=["recognised"],
    )
    reason: ReasonText


class Registration(Part):
    """What the registry needs, beside the event's own fields, to enter a recognised title without asking anybody."""

    item: Item
    category: ItemCategory
    scope: ItemScope
    trademark: Trademark
    models: Models
    year: Year
    digest: SnapshotDigest
    programme_digest: ProgrammeDigest
    edition: Edition
    document_number: DocumentNumber
    effective_on: ActDay = Field(description="The day the announcement takes effect.", examples=["2015-12-20"])
    validity_years: Years | None = Field(
        description="How many years the title is valid; null when it has no end.", examples=[3]
    )
    number_pattern: Key = Field(
        description="The pattern of the brand number, as the programme gives it.", examples=["FP{year}-{serial:05d}"]
    )


class ReviewCompleted(ReviewEvent):
    """评审终结: the review ended for good, in recognition or not; it is never undone."""

    outcome: Outcome = Field(description="Whether the applicant is recognised.", examples=["recognised"])
    rank: Ordinal | None = Field(
        description="The place in the list, from 1; null when the case was not ranked.", examples=[12]
    )
    reasons: tuple[ShortText, ...] = Field(
        max_length=20, description="The codes of the reasons; empty when the case is recognised.", examples=[[]]
    )
    announcement_id: AnnouncementId | None = Field(
        description="The id of the announcement that made it effective; null when there was none.",
        examples=["ann_01506b3a-7c00-7000-8000-000000000009"],
    )
    applicant_name: LegalName
    uscc: HolderUscc
    uscc_exception: UsccException | None = Field(
        default=None,
        description="Why the code is taken although its check character is wrong; null for every other code.",
        examples=[None],
    )
    recommenders: Annotated[Recommenders, INTERNAL] = Field(
        description="The codes of the agencies that recommended it, in order; they are notified of the outcome.",
        examples=[["370102-recommender", "370100-recommender"]],
    )
    registration: Annotated[Registration | None, INTERNAL] = Field(
        description="What the registry needs to enter the title; null when the case is not recognised.",
        examples=[
            {
                "item": "示范牌花生油",
                "category": "food_and_drink",
                "scope": "90000001|food_and_drink",
                "trademark": "90000001",
                "models": ["5L", "1.8L"],
                "year": 2015,
                "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                "programme_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "edition": 1,
                "document_number": "鲁名牌字〔2015〕8号",
                "effective_on": "2015-12-20",
                "validity_years": 3,
                "number_pattern": "FP{year}-{serial:05d}",
            }
        ],
    )
