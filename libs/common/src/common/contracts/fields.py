"""The words that several events share: types with their meaning and an example, written once.

The examples are also what the AsyncAPI document shows: fictional names and checksum-valid, plainly fictitious codes.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, AwareDatetime, Field

_JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _of_json(content: dict[str, Any]) -> dict[str, Any]:
    # NaN and infinity pass a Python parser, but no JSON text can hold them
    try:
        _JSON.encode(content)
    except TypeError as other:
        raise ValueError("not made of JSON values") from other
    return content


Instant: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_utc)]

Content: TypeAlias = Annotated[dict[str, Any], AfterValidator(_of_json)]

HonourCode: TypeAlias = Annotated[
    str, Field(description="荣誉: the code of the honour, as its programme names it.", examples=["FAMOUS_PRODUCT"])
]
Edition: TypeAlias = Annotated[
    int, Field(description="The edition of the programme, counted from 1 per honour.", examples=[1])
]
ProgrammeDigest: TypeAlias = Annotated[
    str,
    Field(
        description="The SHA-256 of the programme's canonical form (RFC 8785), kept by each case for its whole life.",
        examples=["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]
SnapshotDigest: TypeAlias = Annotated[
    str,
    Field(
        description="The SHA-256 of the canonical form (RFC 8785) of what the applicant handed in.",
        examples=["sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"],
    ),
]
Year: TypeAlias = Annotated[int, Field(description="年度: the year of the round.", examples=[2015])]
Uscc: TypeAlias = Annotated[
    str,
    Field(
        description="统一社会信用代码: the applicant or holder by its code (GB 32100-2015), in upper case.",
        examples=["91370102MA0000001W"],
    ),
]
LegalName: TypeAlias = Annotated[
    str,
    Field(
        description="The registered name of the applicant or holder, as it was at the event.",
        examples=["山东名牌示范食品有限公司"],
    ),
]
Item: TypeAlias = Annotated[
    str,
    Field(
        description="What the title is for: a product, service item, area or person; empty where the honour has none.",
        examples=["示范牌花生油"],
    ),
]
DivisionCode: TypeAlias = Annotated[
    str,
    Field(
        description="行政区划代码: the division (GB/T 2260) of the applicant, by which agencies see the event.",
        examples=["370102"],
    ),
]
AgencyCode: TypeAlias = Annotated[
    str, Field(description="The code of the agency that acted.", examples=["370102-recommender"])
]
DocumentNumber: TypeAlias = Annotated[
    str, Field(description="文号: the number of the legal document behind the act.", examples=["鲁名牌字〔2015〕8号"])
]
ReasonText: TypeAlias = Annotated[
    str,
    Field(
        description="The reason as the acting body wrote it; it names no person.",
        examples=["产品检验报告已超过有效期，请更换。"],
    ),
]

ProgrammeId: TypeAlias = Annotated[
    str, Field(description="The id of the programme.", examples=["prg_01506b3a-7c00-7000-8000-000000000001"])
]
RoundId: TypeAlias = Annotated[
    str, Field(description="The id of the round.", examples=["rnd_01506b3a-7c00-7000-8000-000000000002"])
]
ApplicationId: TypeAlias = Annotated[
    str, Field(description="The id of the application.", examples=["app_01506b3a-7c00-7000-8000-000000000003"])
]
ReviewId: TypeAlias = Annotated[
    str, Field(description="The id of the review.", examples=["rev_01506b3a-7c00-7000-8000-000000000004"])
]
RankingId: TypeAlias = Annotated[
    str, Field(description="The id of the ranking.", examples=["rnk_01506b3a-7c00-7000-8000-000000000005"])
]
NoticeId: TypeAlias = Annotated[
    str, Field(description="The id of the public notice.", examples=["ntc_01506b3a-7c00-7000-8000-000000000006"])
]
ObjectionId: TypeAlias = Annotated[
    str, Field(description="The id of the objection.", examples=["obj_01506b3a-7c00-7000-8000-000000000007"])
]
DeliberationId: TypeAlias = Annotated[
    str, Field(description="The id of the deliberation.", examples=["dlb_01506b3a-7c00-7000-8000-000000000008"])
]
AnnouncementId: TypeAlias = Annotated[
    str, Field(description="The id of the announcement.", examples=["ann_01506b3a-7c00-7000-8000-000000000009"])
]
