"""The event about reminders (催办): whom to remind of a term. It names experts, so that it stays inside."""

from enum import StrEnum

from pydantic import Field

from common.contracts.fields import Addressee, Key
from common.kernel.event import Audience, Event
from common.kernel.values.times import Day


class Reminded(StrEnum):
    """What waits on the desk."""

    SHEET = "sheet"
    OBJECTION = "objection"


class DeskReminded(Event, service="review", audience=Audience.INTERNAL, subject="reminder_id"):
    """催办: who has a sheet or an objection on his desk is reminded of its term; no case is named beside an expert."""

    reminder_id: Key = Field(
        description="The id of the reminder.", examples=["drm_01506b3a-7c00-7000-8000-000000000014"]
    )
    kind: Reminded = Field(description="What waits.", examples=["sheet"])
    about_id: Key = Field(
        description="The id of the sheet or the objection.", examples=["sht_01506b3a-7c00-7000-8000-000000000015"]
    )
    clock: Key = Field(description="The clock that runs.", examples=["scoring"])
    due_on: Day = Field(description="The last day of the term, in Asia/Shanghai.", examples=["2015-12-10"])
    overdue: bool = Field(description="Whether the term has passed.", examples=[False])
    recipients: tuple[Addressee, ...] = Field(
        max_length=10,
        description="Whom to remind: an expert as `expert:` with his subject, a USCC, or codes of agencies.",
        examples=[["expert:expert-1"]],
    )
