"""News about one fictitious case, as the other services tell it, with secrets planted where they may travel."""

from datetime import date
from typing import Any, Final

from common.contracts.applications import (
    ApplicationAccepted,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    Contact,
    Level,
)
from common.contracts.registry import BrandRegistered, BrandRevoked, BrandState
from common.contracts.review import ObjectionFiled, Objector, Outcome, ReviewCompleted, ShortlistProposed
from support.service import START

FIRM: Final = "91370102FAKE00013R"
COUNTY: Final = "SD-370102"
CITY: Final = "SD-370100"
EMAIL: Final = "planted@applicant.example"
PERSON: Final = "王联系"
SECRETS: Final = (
    EMAIL,
    PERSON,
    "0531-7654321",
    "planted-snapshot",
    "赵异议",
    "zhao@planted.example",
    "planted grounds",
)
APPLICATION: Final[dict[str, Any]] = {
    "application_id": "app_1",
    "round_id": "rnd_1",
    "honour": "SERVICE_BRAND",
    "applicant": FIRM,
    "division": "370102",
}
BRAND: Final[dict[str, Any]] = {
    "brand_id": "brd_1",
    "number": "SDFW-2015-00001-A",
    "honour": "SERVICE_BRAND",
    "year": 2015,
    "uscc": FIRM,
}


def submitted(*, email: str = EMAIL) -> ApplicationSubmitted:
    """The application is handed in, with its contact."""
    contact = Contact(name=PERSON, email=email, phone="0531-7654321")
    return ApplicationSubmitted(
        **APPLICATION,
        digest="sha256:1",
        receipt_number="SQ-1",
        submitted_at=START,
        snapshot={"note": "planted-snapshot"},
        contact=contact,
    )


def returned(**other: Any) -> ApplicationReturned:  # noqa: ANN401 -- fields of the event
    """It is returned."""
    return ApplicationReturned(**APPLICATION | {"level": Level.COUNTY, "reason": "请补正。"} | other)


def rejected() -> ApplicationRejected:
    """It is refused at acceptance."""
    return ApplicationRejected(**APPLICATION, reasons=("不在目录内。",))


def accepted() -> ApplicationAccepted:
    """It is accepted; county and city had recommended it."""
    return ApplicationAccepted(
        **APPLICATION,
        digest="sha256:1",
        programme_digest="sha256:2",
        edition=1,
        accepted_at=START,
        recommenders=(COUNTY, CITY),
        snapshot={"note": "planted-snapshot"},
    )


def completed() -> ReviewCompleted:
    """Its review ends in recognition."""
    return ReviewCompleted(
        **APPLICATION,
        review_id="rev_1",
        outcome=Outcome.RECOGNISED,
        rank=1,
        reasons=(),
        announcement_id="ann_1",
        applicant_name="济南虚构公司",
        recommenders=(COUNTY, CITY),
        registration=None,
    )


def registered() -> BrandRegistered:
    """Its brand is registered."""
    day = date(2015, 12, 20)
    return BrandRegistered(
        **BRAND,
        state=BrandState.ACTIVE,
        version_before=0,
        version_after=1,
        holder_name="济南虚构公司",
        item="旅游接待服务",
        granted_on=day,
        effective_on=day,
        valid_until=None,
        document_number="8号",
        application_id="app_1",
        division="370102",
    )


def revoked(**other: Any) -> BrandRevoked:  # noqa: ANN401 -- fields of the event
    """The brand is revoked."""
    fields = BRAND | {
        "state": BrandState.REVOKED,
        "version_before": 1,
        "version_after": 2,
        "grounds": "fraud",
        "reason": "弄虚作假。",
        "document_number": "9号",
        "acting_body": "SD-OFFICE",
        "effective_on": date(2016, 6, 1),
    }
    return BrandRevoked(**fields | other)


def objected(*, division: str = "370102") -> ObjectionFiled:
    """Somebody objects; who and why is planted."""
    return ObjectionFiled(
        objection_id="obj_1",
        notice_id="ntc_1",
        review_id="rev_1",
        application_id="app_1",
        applicant=FIRM,
        division=division,
        filed_at=START,
        objector=Objector(name="赵异议", contact="zhao@planted.example", real_name=True),
        grounds="planted grounds",
    )


def shortlisted() -> ShortlistProposed:
    """A list of many areas is proposed: it has no area of its own."""
    return ShortlistProposed(ranking_id="rnk_1", round_id="rnd_1", honour="SERVICE_BRAND", quota=150, items=())
