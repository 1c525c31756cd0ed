"""What the registry tells everybody: the life of a brand, from registration to exit.

Every event says what the brand is after it (`state`, `version_after`), so that a subscriber needs no call back.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from common.contracts.envelope import Audience, Event
from common.contracts.fields import (
    ApplicationId,
    DivisionCode,
    DocumentNumber,
    HonourCode,
    Item,
    LegalName,
    ReasonText,
    Uscc,
    Year,
)


class BrandState(StrEnum):
    """The states of a brand, as every subscriber sees them."""

    PENDING_EFFECT = "pending_effect"
    ACTIVE = "active"
    WARNED = "warned"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class BrandEvent(Event, service="registry", audience=Audience.PUBLIC, subject="brand_id"):
    """What all events about a brand (称号) carry."""

    brand_id: str = Field(
        description="The id of the brand; stable, while the number is what people use.",
        examples=["brd_01506b3a-7c00-7000-8000-00000000000a"],
    )
    number: str = Field(
        description="The public number of the brand, with a check character.", examples=["FP2015-00001-C"]
    )
    honour: HonourCode
    year: Year
    uscc: Uscc
    state: BrandState = Field(description="The state of the brand after the event.", examples=["active"])
    version_before: int = Field(
        description="The version of the brand before the event, 0 at registration.", examples=[0]
    )
    version_after: int = Field(description="The version of the brand after the event.", examples=[1])


class BrandRegistered(BrandEvent):
    """称号登记: a recognised title was entered in the registry under its number."""

    holder_name: LegalName
    item: Item
    granted_on: date = Field(description="The day of the announcement that granted it.", examples=["2015-12-20"])
    effective_on: date = Field(
        description="The day from which it is in force; until then its state is pending_effect.",
        examples=["2015-12-20"],
    )
    valid_until: date | None = Field(
        description="有效期: the last day on which it is valid; null when the honour has no end.",
        examples=["2018-12-19"],
    )
    document_number: DocumentNumber
    application_id: ApplicationId
    division: DivisionCode


class BrandActEvent(BrandEvent):
    """What all events carry that an act of a body under a document brought about."""

    grounds: str = Field(
        description="The code of the ground, as the title section of the programme lists it.",
        examples=["failed-supervision-check"],
    )
    reason: ReasonText
    document_number: DocumentNumber
    acting_body: str = Field(description="The code of the organisation that acted.", examples=["370000-office"])
    effective_on: date = Field(
        description="The day from which the act counts, apart from the day it was recorded.", examples=["2016-06-01"]
    )


class BrandWarned(BrandActEvent):
    """黄牌警告: the brand was warned and has to be put right in time."""


class BrandSuspended(BrandActEvent):
    """暂停: the brand may not be used until it is reinstated."""


class BrandReinstated(BrandActEvent):
    """恢复: a warning or suspension ended and the brand is active again."""


class BrandRevoked(BrandActEvent):
    """撤销: the title was taken away for a fault; it stays in the registry for ever as revoked."""


class BrandCancelled(BrandActEvent):
    """注销: the title ended at the holder's wish or with the holder's end."""


class BrandExpired(BrandEvent):
    """到期失效: the validity ended without renewal."""

    expired_on: date = Field(description="The first day on which it is no longer valid.", examples=["2018-12-20"])
