"""The events about programmes (荣誉方案); everybody may see them."""

from pydantic import Field

from common.contracts.fields import (
    Definition,
    Edition,
    HonourCode,
    ProgrammeDigest,
    ProgrammeId,
)
from common.kernel.event import Audience, Event, Part
from common.kernel.text import ShortText


class Names(Part):
    """A name in both languages."""

    zh: ShortText = Field(description="The Chinese name.", examples=["山东名牌产品"])
    en: ShortText = Field(description="The English name.", examples=["Shandong Famous Product"])


class ProgrammeEvent(Event, service="applications", audience=Audience.PUBLIC, subject="programme_id"):
    """What all events about a programme (荣誉方案) carry."""

    programme_id: ProgrammeId
    honour: HonourCode
    edition: Edition


class ProgrammePublished(ProgrammeEvent, large=True):
    """方案发布: an edition of an honour's programme was published, whole, under its digest."""

    digest: ProgrammeDigest
    names: Names = Field(
        description="The name of the honour in both languages.",
        examples=[{"zh": "山东名牌产品", "en": "Shandong Famous Product"}],
    )
    definition: Definition = Field(
        description="The whole definition, as the programme schema describes it; the digest is computed from it.",
        examples=[{"honour": "FAMOUS_PRODUCT", "edition": 1, "quota": {"total": 300}}],
    )
