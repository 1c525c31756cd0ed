"""Events about one fictitious case, as the other services publish them, with secrets planted where they could leak."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete

from common.contracts.applications.applicants import ApplicantCorrected, ApplicantMerged, ApplicantRenamed
from common.contracts.applications.applications import (
    ApplicationAccepted,
    ApplicationMoved,
    ApplicationRejected,
    ApplicationReturned,
    ApplicationSubmitted,
    ChainStage,
)
from common.contracts.applications.contacts import Contact
from common.contracts.registry.brands import BrandRegistered, BrandRevoked, BrandState
from common.contracts.review.objections import HearingMoved, HearingOpened, ObjectionFiled, Objector
from common.contracts.review.rankings import ShortlistProposed
from common.contracts.review.reviews import Outcome, ReviewCompleted
from support.casts.actors import id_of
from support.casts.programmes import item_members
from support.service.alone import START, Alone

FIRM: Final = "91370102FAKE00013R"
OTHER_FIRM: Final = "91370102FAKE00021C"
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
    "applicant_id": id_of(FIRM),
    "applicant": FIRM,
    "division": "370102",
}
CHANGED: Final[dict[str, Any]] = {
    "applicant_id": id_of(FIRM),
    "applicant": FIRM,
    "uscc": FIRM,
    "division": "370102",
    "changed_on": date(2015, 9, 1),
    "agency": COUNTY,
    "recorded_at": START,
}
BRAND: Final[dict[str, Any]] = {
    "brand_id": "brd_1",
    "number": "SDFW-2015-00001-A",
    "honour": "SERVICE_BRAND",
    "year": 2015,
    "applicant_id": id_of(FIRM),
    "uscc": FIRM,
    "application_id": "app_1",
    "recorded_at": START,
}


def contact(*, email: str = EMAIL, named_at: datetime = START) -> Contact:
    """The person to write to at the applicant."""
    return Contact(name=PERSON, email=email, phone="0531-7654321", named_at=named_at)


def submitted(*, email: str = EMAIL, named_at: datetime = START) -> ApplicationSubmitted:
    """The application is handed in, with its contact."""
    return ApplicationSubmitted(
        **APPLICATION,
        digest="sha256:1",
        receipt_number="SQ-1",
        submitted_at=START,
        snapshot={"note": "planted-snapshot"},
        contact=contact(email=email, named_at=named_at),
    )


def returned(**other: Any) -> ApplicationReturned:  # noqa: ANN401 -- fields of the event
    """It is returned."""
    return ApplicationReturned(**APPLICATION | {"chain_stage": ChainStage.COUNTY, "reason": "请补正。"} | other)


async def known_case(service: Alone, **about: str) -> None:
    """Have the case known, as after a submission, without a contact to write to and without a message."""
    await service.deliver(submitted().model_copy(update=about))
    async with service.runtime.storage.database.write() as connection:
        for table in ("contacts", "messages"):
            await connection.execute(delete(service.service.metadata.tables[table]))
        await connection.commit()


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


def hearing_opened() -> HearingOpened:
    """The firm is asked for its position on an objection."""
    return HearingOpened(
        objection_id="obj_1",
        notice_id="ntc_1",
        review_id="rev_1",
        application_id="app_1",
        applicant_id=id_of(FIRM),
        applicant=FIRM,
        division="370102",
        question="请说明商标来源。",
        due_on=date(2015, 12, 1),
    )


def hearing_moved() -> HearingMoved:
    """The firm may state its position longer."""
    return HearingMoved(
        objection_id="obj_1",
        notice_id="ntc_1",
        review_id="rev_1",
        application_id="app_1",
        applicant_id=id_of(FIRM),
        applicant=FIRM,
        division="370102",
        due_on_before=date(2015, 12, 1),
        due_on_after=date(2015, 12, 2),
    )


def corrected() -> ApplicantCorrected:
    """The name of the applicant is corrected."""
    return ApplicantCorrected(
        applicant_id=id_of(FIRM),
        applicant=FIRM,
        uscc=FIRM,
        name="济南虚构服务有限公司",
        name_before="济南虚构公司",
        division="370103",
        division_before="370102",
        agency=COUNTY,
        reason="与营业执照不符。",
        corrected_at=START,
    )


def renamed() -> ApplicantRenamed:
    """The applicant has another name."""
    return ApplicantRenamed(
        **CHANGED, name="济南虚泉实业有限公司", name_before="济南虚构公司", document="济市监变准字〔2015〕18号"
    )


def merged() -> ApplicantMerged:
    """The applicant was merged into another."""
    into = {"into": OTHER_FIRM, "into_id": id_of(OTHER_FIRM)}
    return ApplicantMerged(**CHANGED, **into, document="济市监合并字〔2015〕3号")


def moved(**other: Any) -> ApplicationMoved:  # noqa: ANN401 -- fields of the event
    """It is moved to another county."""
    given: dict[str, Any] = {**APPLICATION, "division": "370103", "division_before": "370102", "agency": COUNTY}
    return ApplicationMoved(**given | other, digest="sha256:1", reason="注册地不在本区。", moved_at=START)


def completed() -> ReviewCompleted:
    """Its review ends in recognition."""
    return ReviewCompleted(
        **APPLICATION,
        review_id="rev_1",
        outcome=Outcome.RECOGNISED,
        rank=1,
        reasons=(),
        announcement_id="ann_1",
        uscc=FIRM,
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
        **item_members("SERVICE_BRAND"),
        granted_on=day,
        effective_on=day,
        valid_until=None,
        document_number="8号",
        programme_digest="sha256:2",
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
        "barred_until": date(2019, 5, 31),
    }
    return BrandRevoked(**fields | other)


def objected(*, division: str = "370102") -> ObjectionFiled:
    """Somebody objects; who and why is planted."""
    return ObjectionFiled(
        objection_id="obj_1",
        notice_id="ntc_1",
        review_id="rev_1",
        application_id="app_1",
        applicant_id=id_of(FIRM),
        applicant=FIRM,
        division=division,
        filed_at=START,
        investigation_due_on=date(2015, 12, 15),
        objector=Objector(name="赵异议", contact="zhao@planted.example", real_name=True),
        grounds="planted grounds",
    )


def shortlisted() -> ShortlistProposed:
    """A list of many areas is proposed: it has no area of its own."""
    return ShortlistProposed(ranking_id="rnk_1", round_id="rnd_1", honour="SERVICE_BRAND", quota=150, items=())
