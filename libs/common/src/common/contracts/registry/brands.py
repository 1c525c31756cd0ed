"""The events about brands (称号), from registration to exit; everybody may see them.

A subscriber can rebuild the register from them: every change that a public read shows is in one of them, with the
brand's state and version after it (`state`, `version_after`).
"""

from enum import StrEnum
from typing import Final

from pydantic import Field

from common.contracts.applications.usccs import UsccException
from common.contracts.fields import (
    ApplicantId,
    ApplicationId,
    DivisionCode,
    DocumentNumber,
    HolderUscc,
    HonourCode,
    Item,
    ItemCategory,
    ItemScope,
    Key,
    LegalName,
    Models,
    Organisation,
    ProgrammeDigest,
    ReasonText,
    Trademark,
    Year,
)
from common.kernel.event import Audience, Event
from common.kernel.values.numbers import Version
from common.kernel.values.times import ActDay, Day, Instant


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


HELD: Final = (BrandState.PENDING_EFFECT, BrandState.ACTIVE, BrandState.WARNED, BrandState.SUSPENDED)
"""The states of a title that its holder has, whether he may use it or not: it has not ended."""


class BrandEvent(Event, service="registry", audience=Audience.PUBLIC, subject="brand_id"):
    """What all events about a brand (称号) carry."""

    brand_id: Key = Field(
        description="The id of the brand; stable, while the number is what people use.",
        examples=["brd_01506b3a-7c00-7000-8000-00000000000a"],
    )
    number: Key = Field(
        description="The public number of the brand, with a check character.", examples=["FP2015-00001-C"]
    )
    honour: HonourCode
    year: Year
    applicant_id: ApplicantId
    uscc: HolderUscc
    application_id: ApplicationId
    recorded_at: Instant = Field(
        description="When the registry recorded it, by the legal clock; of the registration: `registered_at`.",
        examples=["2015-12-20T01:00:00Z"],
    )
    state: BrandState = Field(description="The state of the brand after the event.", examples=["active"])
    version_before: Version = Field(
        description="The version of the brand before the event, 0 at registration.", examples=[0]
    )
    version_after: Version = Field(description="The version of the brand after the event.", examples=[1])


class BrandRegistered(BrandEvent):
    """称号登记: a recognised title was entered in the registry under its number."""

    holder_name: LegalName
    item: Item
    category: ItemCategory
    scope: ItemScope
    trademark: Trademark
    models: Models
    granted_on: ActDay = Field(description="The day of the announcement that granted it.", examples=["2015-12-20"])
    effective_on: ActDay = Field(
        description="The day from which it is in force; until then its state is pending_effect.",
        examples=["2015-12-20"],
    )
    valid_until: Day | None = Field(
        description="有效期: the last day on which it is valid; null when the honour has no end.",
        examples=["2018-12-19"],
    )
    document_number: DocumentNumber
    programme_digest: ProgrammeDigest
    division: DivisionCode
    uscc_exception: UsccException | None = Field(
        default=None,
        description="Why the code is taken although its check character is wrong; null for every other code.",
        examples=[None],
    )


class BrandTookEffect(BrandEvent):
    """生效: the announced day has come, and the brand that was pending is active."""

    effective_on: ActDay = Field(description="The day from which it is in force.", examples=["2015-12-20"])


class BrandActEvent(BrandEvent):
    """What all events carry that an act of a body under a document brought about."""

    grounds: Key = Field(
        description="The code of the ground, as the title section of the programme lists it.",
        examples=["failed-supervision-check"],
    )
    reason: ReasonText
    document_number: DocumentNumber
    acting_body: Organisation = Field(
        description="The code of the organisation that acted.", examples=["370000-office"]
    )
    effective_on: ActDay = Field(
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

    barred_until: Day | None = Field(
        description="申报限制期至: the last day on which its holder may not apply; null when the ground bars nobody. "
        "A bar for life ends on 2299-12-31, the last day of all.",
        examples=["2019-05-31"],
    )


class BrandCancelled(BrandActEvent):
    """注销: the title ended at the holder's wish or with the holder's end."""


class BrandExpired(BrandEvent):
    """到期失效: the validity ended without renewal."""

    expired_on: Day = Field(description="The first day on which it is no longer valid.", examples=["2018-12-20"])
