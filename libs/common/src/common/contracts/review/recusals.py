"""The events about recusals (回避): our services only, because they name persons."""

from pydantic import Field

from common.contracts.fields import (
    ApplicantCode,
    Key,
)
from common.kernel.event import Audience, Event
from common.kernel.text import ShortText


class RecusalEvent(Event, service="review", audience=Audience.INTERNAL, subject="recusal_id"):
    """What all events about a recusal (回避) carry."""

    recusal_id: Key = Field(description="The id of the recusal.", examples=["rcs_01506b3a-7c00-7000-8000-00000000000e"])
    person: ShortText = Field(description="Who is bound: the `sub` of the person's tokens.", examples=["county-lixia"])
    applicant: ApplicantCode


class RecusalDeclared(RecusalEvent):
    """回避: a person does not act on the cases of an applicant, in whatever role."""


class RecusalLifted(RecusalEvent):
    """解除回避: the reason did not hold; the person may act again."""
