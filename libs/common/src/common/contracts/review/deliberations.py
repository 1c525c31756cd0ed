"""The events about deliberations (审定); agencies may see them.

The digest of a confirmed list is computed here, for those who confirm, announce and register alike.
"""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from common.contracts.fields import (
    ApplicantCode,
    ApplicantId,
    ApplicationId,
    DeliberationId,
    HonourCode,
    ListDigest,
    RankingId,
    ReasonText,
    RoundId,
    SnapshotDigest,
)
from common.kernel.digests import digest
from common.kernel.event import Audience, Event, Part
from common.kernel.values.numbers import Count, Ordinal


class Vote(StrEnum):
    """How a seat of the recognition body voted."""

    FOR = "for"
    AGAINST = "against"
    ABSTAINED = "abstained"
    ABSENT = "absent"


class SeatVote(Part):
    """The vote of one seat; it is not counted for the cases from which its member is recused."""

    seat: Ordinal = Field(description="The number of the seat, from 1.", examples=[1])
    vote: Vote = Field(description="How it voted.", examples=["for"])
    recused_from: tuple[ApplicationId, ...] = Field(
        description="The cases of the list from which its member is recused.", examples=[[]]
    )


class DeliberationEvent(Event, service="review", audience=Audience.AGENCY, subject="deliberation_id"):
    """What all events about a deliberation (审定) carry."""

    deliberation_id: DeliberationId
    ranking_id: RankingId
    round_id: RoundId
    honour: HonourCode


class ListedCase(Part):
    """One case of a confirmed list."""

    application_id: ApplicationId
    applicant_id: ApplicantId
    applicant: ApplicantCode
    rank: Ordinal = Field(description="The place in the list, from 1; ties share one.", examples=[12])
    digest: SnapshotDigest


def list_digest(cases: Iterable[ListedCase]) -> str:
    """Return the digest of a list of cases, in its order."""
    return digest([case.model_dump() for case in cases])


class DeliberationConcluded(DeliberationEvent, large=True):
    """审定表决: the recognition body voted on the list after the notice had closed; two persons made the record."""

    votes_for: Count = Field(description="How many voted for the list.", examples=[9])
    votes_against: Count = Field(description="How many voted against it.", examples=[1])
    abstained: Count = Field(description="How many abstained.", examples=[1])
    votes: tuple[SeatVote, ...] = Field(
        description="The vote of every seat; nobody is named.",
        examples=[[{"seat": 1, "vote": "for", "recused_from": []}]],
    )
    items: tuple[ApplicationId, ...] = Field(
        description="The cases that were voted on; one that is held or not yet shown waits for a later vote.",
        examples=[["app_01506b3a-7c00-7000-8000-000000000003"]],
    )


class ListHeld(DeliberationEvent):
    """暂缓确认: the leading group's office holds the list until a question is settled."""

    reason: ReasonText


class ListReturned(DeliberationEvent):
    """退回名单: the leading group's office returned the list for a new deliberation."""

    reason: ReasonText


class ListRefused(DeliberationEvent):
    """不予确认: the leading group's office refused the list; none of its cases is recognised."""

    reason: ReasonText


class ListConfirmed(DeliberationEvent, large=True):
    """确认名单: the leading group's office confirmed the list; it can be announced."""

    list_digest: ListDigest
    items: tuple[ListedCase, ...] = Field(
        description="The list that was confirmed, best first.",
        examples=[
            [
                {
                    "application_id": "app_01506b3a-7c00-7000-8000-000000000003",
                    "applicant_id": "apl_01506b3a-7c00-7000-8000-00000000000c",
                    "applicant": "91370102MA0000001W",
                    "rank": 12,
                    "digest": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                }
            ]
        ],
    )
