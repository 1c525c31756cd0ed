"""The events about applications (申报): each agency sees those of its own area.

An application's snapshot and contact stay on the internal topic; everything else in an event may leave it.
"""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from common.contracts.applications.contacts import Contact
from common.contracts.applications.usccs import UsccException
from common.contracts.fields import (
    AgencyCode,
    ApplicantCode,
    ApplicantId,
    ApplicationId,
    DivisionCode,
    Edition,
    HonourCode,
    Key,
    ProgrammeDigest,
    ReasonText,
    Recommenders,
    RoundId,
    Snapshot,
    SnapshotDigest,
)
from common.kernel.event import INTERNAL, Audience, Event
from common.kernel.text import PointText
from common.kernel.values.times import Day, Instant

MOST_REASONS: Final = 20
"""How many reasons a rejection may have."""


class ChainStage(StrEnum):
    """A stage of the recommendation chain: the county, then the city, at the end the recognition body."""

    COUNTY = "county"
    CITY = "city"
    RECOGNITION_BODY = "recognition_body"


class OverdueRule(StrEnum):
    """What a programme prescribes for a term that has passed."""

    REMIND = "remind"
    ESCALATE = "escalate"
    RETURN = "return"
    REJECT = "reject"
    NOTHING = "nothing"


class EscalatedTo(StrEnum):
    """Who acts in the place of a silent recommender: the city, or above it the leading group's office."""

    CITY = "city"
    OFFICE = "office"


class ApplicationEvent(Event, service="applications", audience=Audience.AGENCY, subject="application_id"):
    """What all events about an application (申报) carry."""

    application_id: ApplicationId
    round_id: RoundId
    honour: HonourCode
    applicant_id: ApplicantId
    applicant: ApplicantCode
    division: DivisionCode
    uscc_exception: UsccException | None = Field(
        default=None,
        description="Why the code is taken although its check character is wrong; null for every other code.",
        examples=[None],
    )


class ApplicationSubmitted(ApplicationEvent):
    """申报提交: the applicant handed the application in and got a receipt for its digest."""

    digest: SnapshotDigest
    receipt_number: Key = Field(description="The number of the receipt (回执).", examples=["SQ-2015-000001-7"])
    submitted_at: Instant = Field(description="When it was handed in.", examples=["2015-10-09T02:15:00Z"])
    snapshot: Annotated[Snapshot, INTERNAL] = Field(
        description="Everything that was handed in: the content from which the digest is computed.",
        examples=[{"item": "示范牌花生油", "answers": {"sales_fen": "1234500"}, "attachments": []}],
    )
    contact: Annotated[Contact, INTERNAL] = Field(
        description="Whom to write to at the applicant.",
        examples=[
            {
                "name": "示范联系人",
                "email": "contact@applicant.example",
                "phone": "0531-00000000",
                "named_at": "2015-10-09T02:00:00Z",
            }
        ],
    )


class ApplicationReturned(ApplicationEvent):
    """申报退回: a stage of the recommendation chain returned the application for correction."""

    chain_stage: ChainStage = Field(description="The stage of the chain that returned it.", examples=["county"])
    reason: ReasonText


class ApplicationRecommended(ApplicationEvent):
    """推荐: a stage of the recommendation chain recommended the application to the next one."""

    chain_stage: ChainStage = Field(description="The stage of the chain that recommended it.", examples=["county"])
    agency: AgencyCode
    recommended_at: Instant = Field(description="When it was recommended.", examples=["2015-10-12T03:00:00Z"])


class SupplementRequested(ApplicationEvent):
    """补正通知: the recognition body asked, once, for what is missing."""

    reason: ReasonText
    due_on: Day = Field(description="The last day, in Asia/Shanghai, to supply it.", examples=["2015-10-20"])


class SupplementReceived(ApplicationEvent):
    """补正提交: the applicant supplied what was missing; the content has a new digest."""

    digest: SnapshotDigest


class ApplicationAccepted(ApplicationEvent):
    """受理: the recognition body accepted the application and hands an immutable snapshot to the review."""

    digest: SnapshotDigest
    programme_digest: ProgrammeDigest
    edition: Edition
    accepted_at: Instant = Field(description="When it was accepted.", examples=["2015-10-21T02:00:00Z"])
    recommenders: Annotated[Recommenders, INTERNAL] = Field(
        description="The codes of the agencies that recommended it, in order; they are notified of the outcome.",
        examples=[["370102-recommender", "370100-recommender"]],
    )
    snapshot: Annotated[Snapshot, INTERNAL] = Field(
        description="Everything that was accepted: the content from which the digest is computed.",
        examples=[{"item": "示范牌花生油", "answers": {"sales_fen": "1234500"}, "attachments": []}],
    )


class SupplementExtended(ApplicationEvent):
    """补正延期: the recognition body extended an overdue supplement, once."""

    reason: ReasonText
    due_on: Day = Field(description="The new last day, in Asia/Shanghai.", examples=["2015-10-27"])


class ApplicationOverdue(ApplicationEvent):
    """逾期: the one who had to act let the term pass; what follows is the programme's."""

    clock: Key = Field(description="The programme's clock that ran.", examples=["county_recommendation"])
    due_on: Day = Field(description="The last day of the term, in Asia/Shanghai.", examples=["2015-10-23"])
    on_overdue: OverdueRule = Field(description="What the programme prescribes.", examples=["escalate"])


class DeadlineMoved(ApplicationEvent):
    """期限顺延: the calendar was amended while the applicant's term ran, so that it ends later."""

    clock: Key = Field(description="The programme's clock that runs.", examples=["supplement"])
    due_on_before: Day = Field(description="The last day as it was.", examples=["2016-02-05"])
    due_on_after: Day = Field(description="The last day as it is now.", examples=["2016-02-15"])


class ApplicationEscalated(ApplicationEvent):
    """逾期上移: a recommender was silent; the one above him acts in his place or hands it back."""

    chain_stage: ChainStage = Field(description="The stage of the chain that was silent.", examples=["county"])
    escalated_to: EscalatedTo = Field(description="Who acts now.", examples=["city"])


class ApplicationHandedBack(ApplicationEvent):
    """退回原级: the one above a silent recommender handed it back to him, with a new term."""

    chain_stage: ChainStage = Field(description="The stage of the chain that acts again.", examples=["county"])
    reason: ReasonText


class ApplicationCorrected(ApplicationEvent):
    """随单位更正: name or division of its applicant was corrected; what was handed in has a new digest."""

    digest: SnapshotDigest
    reason: ReasonText


class ApplicationMoved(ApplicationEvent):
    """转办: it was moved from the wrong desk to the county or city to which it belongs; its chain begins again."""

    division_before: DivisionCode
    agency: AgencyCode
    digest: SnapshotDigest
    reason: ReasonText
    moved_at: Instant = Field(description="When it was moved.", examples=["2015-10-13T03:00:00Z"])


class ApplicationLapsed(ApplicationEvent):
    """逾期失效: the applicant did not correct in time what was returned to him."""

    reason: ReasonText


class ApplicationRejected(ApplicationEvent):
    """不予受理: the recognition body found that the application cannot be accepted."""

    reasons: tuple[PointText, ...] = Field(
        max_length=MOST_REASONS,
        description="The reasons as the recognition body wrote them, at least one.",
        examples=[["申报产品未在申报目录内。"]],
    )


class WithdrawalRequested(ApplicationEvent):
    """申请撤回: the applicant asked to withdraw an accepted application; WithdrawalSettled is the answer."""

    reason: ReasonText
    requested_at: Instant = Field(description="When it was requested.", examples=["2015-11-02T01:30:00Z"])


class ApplicationWithdrawn(ApplicationEvent):
    """撤回: the application ended at the applicant's wish; an accepted one only after its review has agreed."""

    reason: ReasonText
