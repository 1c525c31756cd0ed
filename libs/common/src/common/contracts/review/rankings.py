"""The events about rankings (综合评价); agencies may see them."""

from enum import StrEnum

from pydantic import Field

from common.contracts.fields import (
    ApplicantCode,
    ApplicantId,
    ApplicationId,
    HonourCode,
    Key,
    RankingId,
    ReasonText,
    ReviewId,
    RoundId,
)
from common.kernel.event import Audience, Event, Part
from common.kernel.values.numbers import Ordinal


class ListChange(StrEnum):
    """What can happen to a case on the shortlist after the ranking."""

    LEFT = "left"
    CALLED_UP = "called_up"


class LeavingGround(StrEnum):
    """Why a case leaves the shortlist; `veto` names a veto rule of the programme as well."""

    VETO = "veto"
    FALSE_STATEMENT = "false_statement"
    OFFICE_DECISION = "office_decision"
    OBJECTION_UPHELD = "objection_upheld"
    WITHDRAWN = "withdrawn"
    RULE_BROKEN = "rule_broken"


class RankingEvent(Event, service="review", audience=Audience.AGENCY, subject="ranking_id"):
    """What all events about a ranking (综合评价) carry."""

    ranking_id: RankingId
    round_id: RoundId
    honour: HonourCode


class RankedCase(Part):
    """One case of the list: its place, and whether the quota admits it."""

    review_id: ReviewId
    application_id: ApplicationId
    applicant_id: ApplicantId
    applicant: ApplicantCode
    rank: Ordinal = Field(description="The place in the list, from 1; ties share one.", examples=[12])
    admitted: bool = Field(description="Whether it is above the quota line.", examples=[True])


class ShortlistProposed(RankingEvent, large=True):
    """名单提出: the ranking of the round was made and places were reserved within the quota."""

    quota: Ordinal = Field(description="名额: how many places the round has at most.", examples=[300])
    items: tuple[RankedCase, ...] = Field(
        description="Every ranked case, best first.",
        examples=[
            [
                {
                    "review_id": "rev_01506b3a-7c00-7000-8000-000000000004",
                    "application_id": "app_01506b3a-7c00-7000-8000-000000000003",
                    "applicant_id": "apl_01506b3a-7c00-7000-8000-00000000000c",
                    "applicant": "91370102MA0000001W",
                    "rank": 12,
                    "admitted": True,
                }
            ]
        ],
    )


class ShortlistChanged(RankingEvent):
    """名单变更: a case left the shortlist, or the next on the reserve list was called up; scores never change."""

    list_version: Ordinal = Field(
        description="The version of the list after the change; the list of the ranking is version 1.", examples=[2]
    )
    change: ListChange = Field(description="Whether the case left or was called up.", examples=["left"])
    review_id: ReviewId
    application_id: ApplicationId
    applicant_id: ApplicantId
    applicant: ApplicantCode
    rank: Ordinal = Field(description="The place in the ranking, from 1.", examples=[12])
    ground: LeavingGround | None = Field(
        description="Why the case left; null for one that was called up.", examples=["veto"]
    )
    veto_rule: Key | None = Field(
        description="The code of the programme's veto rule; null for every other ground.", examples=["tax_evasion"]
    )
    reason: ReasonText
