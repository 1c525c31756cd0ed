"""The event about reminders (催办): whom to remind of a term. It concerns drafts as well, so that it stays inside."""

from pydantic import Field

from common.contracts.fields import (
    ApplicationId,
    HonourCode,
    Key,
    Organisation,
    RoundId,
)
from common.kernel.event import Audience, Event
from common.kernel.values.times import Day


class TermReminded(Event, service="applications", audience=Audience.INTERNAL, subject="reminder_id"):
    """催办: who has an application on his desk is reminded of the last day of his term, or that it has passed."""

    reminder_id: Key = Field(
        description="The id of the reminder.", examples=["rmd_01506b3a-7c00-7000-8000-000000000013"]
    )
    application_id: ApplicationId
    round_id: RoundId
    honour: HonourCode
    clock: Key = Field(description="The clock that runs, or `closing` for a draft.", examples=["county_recommendation"])
    due_on: Day = Field(description="The last day of the term, in Asia/Shanghai.", examples=["2015-10-23"])
    overdue: bool = Field(description="Whether the term has passed.", examples=[False])
    recipients: tuple[Organisation, ...] = Field(
        max_length=10, description="The organisations to remind: a USCC or codes of agencies.", examples=[["SD-370102"]]
    )
