"""The event about a code (统一社会信用代码) that is real although its check character is wrong; agencies may see it."""

from pydantic import Field

from common.contracts.fields import AgencyCode, ReasonText, Uscc
from common.kernel.event import Audience, Event, Part
from common.kernel.values.times import Instant


class UsccException(Part):
    """The mark of a code that an officer admitted although it breaks the check rule."""

    reason: ReasonText
    agency: AgencyCode
    admitted_at: Instant = Field(description="When it was admitted.", examples=["2015-10-08T02:00:00Z"])


class UsccExceptionEvent(Event, service="applications", audience=Audience.AGENCY, subject="uscc"):
    """What all events about an admitted code (代码例外) carry."""

    uscc: Uscc


class UsccExceptionAdmitted(UsccExceptionEvent):
    """代码例外: an officer admitted a code that was really given although its check character is wrong."""

    reason: ReasonText
    agency: AgencyCode
    admitted_at: Instant = Field(description="When it was admitted.", examples=["2015-10-08T02:00:00Z"])
