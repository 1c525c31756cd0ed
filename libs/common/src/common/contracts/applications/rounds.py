"""The events about rounds (年度); everybody may see them."""

from typing import Annotated, TypeAlias

from pydantic import Field

from common.contracts.fields import (
    Edition,
    HonourCode,
    Key,
    ProgrammeDigest,
    ProgrammeId,
    ReasonText,
    RoundId,
    Year,
)
from common.kernel.event import Audience, Event
from common.kernel.values.numbers import Count
from common.kernel.values.times import Day, Instant

OpensAt: TypeAlias = Annotated[
    Instant,
    Field(description="The instant from which applications are taken.", examples=["2015-10-08T01:00:00Z"]),
]
ClosesAt: TypeAlias = Annotated[
    Instant,
    Field(description="The instant from which applications are no longer taken.", examples=["2015-10-31T09:00:00Z"]),
]
RecommendationClosesAt: TypeAlias = Annotated[
    Instant,
    Field(description="The instant from which recommenders no longer decide.", examples=["2015-11-30T16:00:00Z"]),
]
AcceptanceClosesAt: TypeAlias = Annotated[
    Instant,
    Field(description="The instant from which applications are no longer accepted.", examples=["2015-12-31T16:00:00Z"]),
]


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
    opens_at: OpensAt
    closes_at: ClosesAt
    recommendation_closes_at: RecommendationClosesAt
    acceptance_closes_at: AcceptanceClosesAt


class RoundExtended(RoundEvent):
    """届次延期: the office moved ends of the round's windows to later instants."""

    opens_at: OpensAt
    closes_at: ClosesAt
    recommendation_closes_at: RecommendationClosesAt
    acceptance_closes_at: AcceptanceClosesAt
    reason: ReasonText


class RoundClosed(RoundEvent):
    """申报截止: the closing came, or the office closed the round earlier; nothing new can be submitted to it."""


class AcceptanceOverdue(RoundEvent):
    """受理逾期: the acceptance was not concluded when its window closed."""

    due_on: Day = Field(description="The last day of the window, in Asia/Shanghai.", examples=["2015-12-31"])


class AcceptanceConcluded(RoundEvent):
    """受理终结: each application of the round is accepted or ended; the review holds exactly the accepted ones."""

    accepted_count: Count = Field(description="How many applications were accepted.", examples=[972])
    accepted_digest: Key = Field(
        description="The digest of the accepted applications' ids, sorted, as a JSON array in canonical form.",
        examples=["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    concluded_at: Instant = Field(description="When it was concluded.", examples=["2015-11-20T08:00:00Z"])
