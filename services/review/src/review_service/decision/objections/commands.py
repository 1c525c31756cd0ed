"""The commands that draft, file, investigate and answer an objection."""

from datetime import date

from common.codes.calendar import WorkingCalendar
from common.contracts.review.objections import Verdict
from common.contracts.review.rankings import LeavingGround
from common.files.store import StoredFile
from common.programme import Programme
from common.programme.definition.intake import ClockName
from common.storage.work import Work
from review_service.cases.reviews.lifecycle import ON_THE_LIST, State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import cases
from review_service.cases.rounds.storage import programme_of
from review_service.decision.notices.storage import notices
from review_service.decision.objections.model import Objection
from review_service.decision.objections.refusals import NotOnNotice, RealNameNeeded
from review_service.decision.objections.storage import objections
from review_service.decision.rankings.commands import take_off
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.storage import rankings


async def draft_objection(
    work: Work, *, notice_id: str, application_id: str, grounds: str, name: str, contact: str, real_name: bool
) -> Objection:
    """Begin an objection to a case that is on notice; it is filed with its evidence."""
    notice = await work.get(notices, notice_id)
    programme = await programme_of(work, notice.round_id)
    if programme.objections.real_name and not real_name:
        raise RealNameNeeded
    found = await work.find(cases, Review.application_id == application_id, Review.round_id == notice.round_id)
    if not found or application_id not in {item["application_id"] for item in notice.items}:
        raise NotOnNotice
    review = found[0]
    objection = Objection(
        id=work.new_id(Objection),
        notice_id=notice.id,
        round_id=notice.round_id,
        review_id=review.id,
        application_id=review.application_id,
        applicant_id=review.applicant_id,
        applicant=review.applicant,
        division=review.division,
        grounds=grounds,
        objector={"name": name, "contact": contact, "real_name": real_name},
        filed_by=work.actor.sub,
        drafted_at=work.now,
    )
    await _check_in_time(work, objection, programme)
    objection.draft()
    return work.add(objection)


async def attach_evidence(
    work: Work, objection_id: str, *, version: int | None, name: str, file: StoredFile
) -> Objection:
    """Attach a piece of evidence to an objection that is not filed yet."""
    objection = await work.get(objections, objection_id, version=version)
    objection.attach(name=name, file=file, by=work.actor)
    return objection


async def file_objection(work: Work, objection_id: str, *, version: int | None) -> Objection:
    """File an objection; the term of its investigation begins."""
    objection = await work.get(objections, objection_id, version=version)
    programme = await programme_of(work, objection.round_id)
    await _check_in_time(work, objection, programme)
    objection.file(
        evidence_demanded=programme.objections.evidence,
        due_on=_due_on(work, programme, "objection_investigation"),
        by=work.actor,
        at=work.now,
    )
    return objection


async def open_hearing(work: Work, objection_id: str, *, version: int | None, question: str) -> Objection:
    """Ask the firm for its position, within the programme's term."""
    objection = await work.get(objections, objection_id, version=version)
    programme = await programme_of(work, objection.round_id)
    objection.hear(question=question, due_on=_due_on(work, programme, "objection_hearing"))
    return objection


async def state_position(work: Work, objection_id: str, *, version: int | None, statement: str) -> Objection:
    """State the firm's position on an objection."""
    objection = await work.get(objections, objection_id, version=version)
    objection.state_position(statement=statement, by=work.actor, at=work.now, today=work.today)
    return objection


async def answer_objection(
    work: Work, objection_id: str, *, version: int | None, verdict: Verdict, reason: str
) -> Objection:
    """Answer an objection; an upheld one takes the case off the list, and the reserve is called."""
    objection = await work.get(objections, objection_id, version=version)
    objection.resolve(verdict=verdict, reason=reason, by=work.actor, at=work.now, today=work.today)
    if verdict is Verdict.UPHELD:
        (ranking,) = await work.find(rankings, Ranking.round_id == objection.round_id)
        review = await work.get(cases, objection.review_id)
        if review.state in ON_THE_LIST:
            await take_off(work, ranking, review, ground=LeavingGround.OBJECTION_UPHELD, reason=reason)
    return objection


async def _check_in_time(work: Work, objection: Objection, programme: Programme) -> None:
    """Refuse what comes after the notice, or, where the programme takes late objections, after the outcome."""
    if programme.objections.inside_notice_only:
        (await work.get(notices, objection.notice_id)).check_open(work.today)
    elif (await work.get(cases, objection.review_id)).state is not State.SHORTLISTED:
        raise NotOnNotice


def _due_on(work: Work, programme: Programme, clock: ClockName) -> date:
    term = programme.clock(clock)
    return WorkingCalendar().after(work.today, days=term.days, kind=term.kind).on
