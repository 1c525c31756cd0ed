"""The events about objections (异议) for agencies; the objector is named on the internal topic only."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from common.contracts.applications.applications import OverdueRule
from common.contracts.fields import (
    ApplicantCode,
    ApplicantId,
    ApplicationId,
    DivisionCode,
    Key,
    NoticeId,
    ObjectionId,
    ReasonText,
    ReviewId,
)
from common.kernel.event import INTERNAL, Audience, Event, Part
from common.kernel.text import LongText, ShortText
from common.kernel.values.times import Day, Instant


class Verdict(StrEnum):
    """How an objection ends."""

    UPHELD = "upheld"
    REJECTED = "rejected"


class Objector(Part):
    """Who objects: known to nobody but the officers who answer."""

    name: ShortText = Field(description="The name given.", examples=["示范异议人"])
    contact: ShortText = Field(description="How to reach the person.", examples=["objector@citizen.example"])
    real_name: bool = Field(description="实名: whether it was filed under a real name.", examples=[True])


class ObjectionEvent(Event, service="review", audience=Audience.AGENCY, subject="objection_id"):
    """What all events about an objection (异议) carry."""

    objection_id: ObjectionId
    notice_id: NoticeId
    review_id: ReviewId
    application_id: ApplicationId
    applicant_id: ApplicantId
    applicant: ApplicantCode
    division: DivisionCode


class ObjectionFiled(ObjectionEvent):
    """异议提出: somebody objected to a case on notice; who and on what grounds stays inside."""

    filed_at: Instant = Field(description="When it was filed.", examples=["2015-11-24T06:30:00Z"])
    investigation_due_on: Day = Field(
        description="The last day of its investigation, by the programme's term.", examples=["2015-12-15"]
    )
    objector: Annotated[Objector, INTERNAL] = Field(
        description="Who objects.",
        examples=[{"name": "示范异议人", "contact": "objector@citizen.example", "real_name": True}],
    )
    grounds: Annotated[LongText, INTERNAL] = Field(
        description="What is objected, in the objector's own words.", examples=["申报的商标使用权存在争议。"]
    )


class HearingOpened(ObjectionEvent):
    """听取意见: the firm that is objected to was asked for its position, within a term."""

    question: Annotated[LongText, INTERNAL] = Field(
        description="What the firm is asked, in the officer's words.", examples=["请说明申报商标的使用权来源。"]
    )
    due_on: Day = Field(description="The last day for the firm's statement.", examples=["2015-12-01"])


class HearingMoved(ObjectionEvent):
    """陈述期限顺延: the calendar was amended while the firm's term ran, so that it ends later."""

    due_on_before: Day = Field(description="The last day as it was.", examples=["2015-12-01"])
    due_on_after: Day = Field(description="The last day as it is now.", examples=["2015-12-02"])


class ObjectionOverdue(ObjectionEvent):
    """异议逾期: a term of the objection has passed; what follows is the programme's."""

    clock: Key = Field(description="The programme's clock that ran.", examples=["objection_investigation"])
    due_on: Day = Field(description="The last day of the term, in Asia/Shanghai.", examples=["2015-12-15"])
    on_overdue: OverdueRule = Field(description="What the programme prescribes.", examples=["escalate"])


class ObjectionResolved(ObjectionEvent):
    """异议处理: the objection was answered; one that is upheld takes the case off the shortlist."""

    verdict: Verdict = Field(description="Whether it is upheld.", examples=["rejected"])
    reason: ReasonText
