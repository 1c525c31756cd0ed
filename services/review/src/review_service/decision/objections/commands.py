"""The commands that draft, file, investigate and answer an objection, and what the job of terms does with it."""

from datetime import date
from typing import Final

from common.contracts.applications.applications import OverdueRule
from common.contracts.review.objections import Verdict
from common.contracts.review.rankings import LeavingGround
from common.contracts.review.reminders import Reminded
from common.files.store import StoredFile
from common.kernel.actor import Role
from common.kernel.worklist import Term, waits_for
from common.programme import Programme
from common.programme.definition.intake import ClockName
from common.programme.terms import Terms
from common.storage.waiting.terms import Waiting
from common.storage.work import Work
from review_service.cases.desk_reminders.commands import remind_of
from review_service.cases.reviews.lifecycle import ON_THE_LIST, State
from review_service.cases.reviews.model import Review
from review_service.cases.reviews.storage import cases
from review_service.cases.rounds.storage import programme_of, terms_of
from review_service.decision.notices.storage import notices
from review_service.decision.objections.model import HEARING, Objection
from review_service.decision.objections.refusals import NotOnNotice, RealNameNeeded
from review_service.decision.objections.storage import objections
from review_service.decision.rankings.commands import take_off
from review_service.decision.rankings.model import Ranking
from review_service.decision.rankings.storage import rankings

INVESTIGATION: Final[ClockName] = "objection_investigation"


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
    review = await work.get(cases, found[0].id)
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
        agency=notice.agency,
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
    terms = await terms_of(work, objection.round_id)
    await _check_in_time(work, objection, terms.programme)
    objection.file(
        evidence_demanded=terms.programme.objections.evidence,
        term=terms.of(INVESTIGATION),
        by=work.actor,
        at=work.now,
    )
    return objection


async def open_hearing(work: Work, objection_id: str, *, version: int | None, question: str) -> Objection:
    """Ask the firm for its position, within the programme's term."""
    objection = await work.get(objections, objection_id, version=version)
    terms = await terms_of(work, objection.round_id)
    due_on = objection.investigation_due_on or work.today
    objection.hear(question=question, term=terms.of(HEARING), left=terms.left(INVESTIGATION, due_on), by=work.actor)
    return objection


async def state_position(work: Work, objection_id: str, *, version: int | None, statement: str) -> Objection:
    """State the firm's position on an objection."""
    objection = await work.get(objections, objection_id, version=version)
    resumed = _resumed(objection, await terms_of(work, objection.round_id))
    objection.state_position(statement=statement, by=work.actor, resumed=resumed, at=work.now, today=work.today)
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


async def remind_of_objection(work: Work, objection: Objection) -> None:
    """Remind the one who has the objection on his desk: the firm that is asked, or the recognition body."""
    await _remind(work, objection, clock=objection.clock, due_on=objection.due_on)


async def let_objection_pass(work: Work, objection: Objection) -> None:
    """Do what the programme prescribes for a term that has passed; who has it now is written to."""
    terms = await terms_of(work, objection.round_id)
    clock, due_on = objection.clock, objection.due_on
    rule = OverdueRule(terms.programme.rule_when_overdue(clock))
    objection.pass_by(rule, resumed=_resumed(objection, terms))
    if rule is not OverdueRule.NOTHING:
        await _remind(work, objection, clock=clock, due_on=due_on)


async def _remind(work: Work, objection: Objection, *, clock: str | None, due_on: date | None) -> None:
    """Remind the firm that is asked, else the recognition body, also of what has gone up from it."""
    own = objection.waits_for == waits_for(Role.APPLICANT, objection.applicant)
    recipient = objection.applicant if own else objection.agency
    await remind_of(work, objection, Reminded.OBJECTION, clock=clock, due_on=due_on, recipients=[recipient])


def _resumed(objection: Objection, terms: Terms) -> Term:
    """Return the term of the investigation after its pause, with as many days as it had left."""
    return terms.of(INVESTIGATION, days=objection.investigation_left)


OBJECTION_TERMS = Waiting(store=objections, remind=remind_of_objection, pass_by=let_objection_pass)
