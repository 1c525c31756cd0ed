"""The types of the fields that several events share, each with its meaning, its bound and an example.

Every text and list has an end, so that the largest event of each contract is known (`contracts/sizes.py`). The AsyncAPI
document shows the same examples: fictional names, and fictitious codes with a valid check character.
"""

from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, Field

from common.kernel import text
from common.kernel.text import SHORT, ShortText, clean
from common.kernel.values import numbers
from common.kernel.values.ruled import RULED
from common.kernel.values.sizes import DEFINITION, MODEL, MOST_MODELS, SCOPE, SNAPSHOT, TRADEMARK, AtMost

PRINTED: Final = r"^[^\x00-\x1f\x7f]*$"
"""Text without control characters, as answers to a form are."""
Key: TypeAlias = Annotated[str, Field(max_length=100, pattern=PRINTED)]
"""An id, digest, number or code."""
Organisation: TypeAlias = Annotated[str, Field(max_length=255)]
"""An organisation as a token names it: a unified social credit code or an agency code."""
Addressee: TypeAlias = Annotated[str, Field(max_length=300)]
"""Whom a message is for: an organisation, or an expert in person as `expert:` with the subject of his token."""
Recommenders: TypeAlias = Annotated[tuple[Organisation, ...], Field(max_length=10)]
Snapshot: TypeAlias = Annotated[dict[str, Any], AtMost(SNAPSHOT), RULED]
Definition: TypeAlias = Annotated[dict[str, Any], AtMost(DEFINITION), RULED]

HonourCode: TypeAlias = Annotated[
    Key, Field(description="荣誉: the code of the honour, as its programme names it.", examples=["FAMOUS_PRODUCT"])
]
Edition: TypeAlias = Annotated[
    numbers.Ordinal, Field(description="The edition of the programme, counted from 1 per honour.", examples=[1])
]
ProgrammeDigest: TypeAlias = Annotated[
    Key,
    Field(
        description="The SHA-256 of the programme's canonical form (RFC 8785), kept by each case for its whole life.",
        examples=["sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]
SnapshotDigest: TypeAlias = Annotated[
    Key,
    Field(
        description="The SHA-256 of the canonical form (RFC 8785) of what the applicant handed in.",
        examples=["sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"],
    ),
]
ListDigest: TypeAlias = Annotated[
    Key,
    Field(
        description="The SHA-256 of the canonical form (RFC 8785) of the list that was confirmed: of `items` of "
        "`ListConfirmed`.",
        examples=["sha256:2aa1d7473cd05bd828fffbddc63aa23781b584618a27e16e5045b815916e0cf2"],
    ),
]
Year: TypeAlias = Annotated[numbers.Year, Field(description="年度: the year of the round.", examples=[2015])]
Uscc: TypeAlias = Annotated[
    Key,
    Field(
        description="统一社会信用代码: the code of an organisation (GB 32100-2015), in upper case.",
        examples=["91370102MA0000001W"],
    ),
]
HolderUscc: TypeAlias = Annotated[
    Key | None,
    Field(
        description="统一社会信用代码: the applicant or holder by its code (GB 32100-2015), in upper case; null for a "
        "natural person and for a holder of an old code.",
        examples=["91370102MA0000001W"],
    ),
]
ApplicantCode: TypeAlias = Annotated[
    Organisation,
    Field(
        description="The applicant as its accounts name it: its USCC, or another code where it has none.",
        examples=["91370102MA0000001W"],
    ),
]
LegalName: TypeAlias = Annotated[
    ShortText,
    Field(
        description="The registered name of the applicant or holder, as it was at the event.",
        examples=["山东名牌示范食品有限公司"],
    ),
]
Item: TypeAlias = Annotated[
    str,
    AfterValidator(clean),
    RULED,
    Field(
        max_length=SHORT,
        description="What the title is for: a product, service item, area or person; empty where the honour has none.",
        examples=["示范牌花生油"],
    ),
]
ItemCategory: TypeAlias = Annotated[
    Key,
    Field(
        description="申报类别: the category of the programme's catalogue to which the item belongs.",
        examples=["food_and_drink"],
    ),
]
ItemScope: TypeAlias = Annotated[
    str,
    Field(
        max_length=SCOPE,
        pattern=PRINTED,
        description="What counts as the same item: a holder has one live title per honour and scope.",
        examples=["90000001|food_and_drink"],
    ),
]
Trademark: TypeAlias = Annotated[
    Annotated[str, Field(max_length=TRADEMARK, pattern=PRINTED)] | None,
    Field(
        description="商标: the trademark under which the item is sold, by its registration number; null where the "
        "honour asks for none.",
        examples=["90000001"],
    ),
]
Models: TypeAlias = Annotated[
    tuple[Annotated[str, Field(max_length=MODEL, pattern=PRINTED)], ...],
    Field(
        max_length=MOST_MODELS,
        description="规格型号: the exact models that are recognised; empty where the honour asks for none.",
        examples=[["5L", "1.8L"]],
    ),
]
DivisionCode: TypeAlias = Annotated[
    Key,
    Field(
        description="行政区划代码: the division (GB/T 2260) of the applicant; agencies of its area see the event.",
        examples=["370102"],
    ),
]
AgencyCode: TypeAlias = Annotated[
    Organisation, Field(description="The code of the agency that acted.", examples=["370102-recommender"])
]
DocumentNumber: TypeAlias = Annotated[
    ShortText,
    Field(description="文号: the number of the legal document behind the act.", examples=["鲁名牌字〔2015〕8号"]),
]
ReasonText: TypeAlias = Annotated[
    text.ReasonText,
    Field(
        description="The reason as the acting body wrote it; it names no person.",
        examples=["产品检验报告已超过有效期，请更换。"],
    ),
]

ProgrammeId: TypeAlias = Annotated[
    Key, Field(description="The id of the programme.", examples=["prg_01506b3a-7c00-7000-8000-000000000001"])
]
RoundId: TypeAlias = Annotated[
    Key, Field(description="The id of the round.", examples=["rnd_01506b3a-7c00-7000-8000-000000000002"])
]
ApplicationId: TypeAlias = Annotated[
    Key, Field(description="The id of the application.", examples=["app_01506b3a-7c00-7000-8000-000000000003"])
]
ApplicantId: TypeAlias = Annotated[
    Key,
    Field(
        description="The id of the applicant: the same in all events, whatever its name or code.",
        examples=["apl_01506b3a-7c00-7000-8000-00000000000c"],
    ),
]
ReviewId: TypeAlias = Annotated[
    Key, Field(description="The id of the review.", examples=["rev_01506b3a-7c00-7000-8000-000000000004"])
]
RankingId: TypeAlias = Annotated[
    Key, Field(description="The id of the ranking.", examples=["rnk_01506b3a-7c00-7000-8000-000000000005"])
]
NoticeId: TypeAlias = Annotated[
    Key, Field(description="The id of the public notice.", examples=["ntc_01506b3a-7c00-7000-8000-000000000006"])
]
ObjectionId: TypeAlias = Annotated[
    Key, Field(description="The id of the objection.", examples=["obj_01506b3a-7c00-7000-8000-000000000007"])
]
DeliberationId: TypeAlias = Annotated[
    Key, Field(description="The id of the deliberation.", examples=["dlb_01506b3a-7c00-7000-8000-000000000008"])
]
AnnouncementId: TypeAlias = Annotated[
    Key, Field(description="The id of the announcement.", examples=["ann_01506b3a-7c00-7000-8000-000000000009"])
]
