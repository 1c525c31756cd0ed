"""How an objection is filed and answered."""

from common.clock import SHANGHAI
from common.contracts.review import Verdict
from common.storage.work import Work
from review_service.notices.storage import notices
from review_service.objections.model import Objection
from review_service.objections.refusals import NotOnNotice, RealNameNeeded
from review_service.objections.storage import objections
from review_service.reviews.lifecycle import State
from review_service.reviews.model import Review
from review_service.reviews.storage import cases
from review_service.rounds.storage import programme_of


async def file_objection(
    work: Work, *, notice_id: str, application_id: str, grounds: str, name: str, contact: str, real_name: bool
) -> Objection:
    """Object to a case while its notice runs."""
    notice = await work.get(notices, notice_id)
    notice.check_open(work.now.astimezone(SHANGHAI).date())
    if (await programme_of(work, notice.round_id)).objections.real_name and not real_name:
        raise RealNameNeeded
    found = await work.find(cases, Review.application_id == application_id, Review.round_id == notice.round_id)
    if not found or application_id not in {item["application_id"] for item in notice.items}:
        raise NotOnNotice
    review = found[0]
    objection = Objection(
        id=work.new_id("obj"),
        notice_id=notice.id,
        round_id=notice.round_id,
        review_id=review.id,
        application_id=review.application_id,
        applicant=review.applicant,
        division=review.division,
        grounds=grounds,
        objector={"name": name, "contact": contact, "real_name": real_name},
        filed_by=work.actor.sub,
        filed_at=work.now,
    )
    objection.file()
    return work.add(objection)


async def answer_objection(
    work: Work, objection_id: str, *, version: int | None, verdict: Verdict, reason: str
) -> Objection:
    """Answer an objection; one that is upheld takes the case off the shortlist."""
    objection = await work.get(objections, objection_id, version=version)
    objection.resolve(verdict=verdict, reason=reason, at=work.now)
    if verdict is Verdict.UPHELD:
        review = await work.get(cases, objection.review_id)
        if review.state is State.SHORTLISTED:
            review.drop(reason="objection-upheld")
    return objection
