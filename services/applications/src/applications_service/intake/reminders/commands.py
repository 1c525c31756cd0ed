"""What the job of terms does with applications: remind, let pass, and end the drafts of closed rounds."""

from applications_service.intake.applications.commands import free_given_up, terms_of
from applications_service.intake.applications.lifecycle import State
from applications_service.intake.applications.model import (
    CLOSING,
    NOT_RECOMMENDED_IN_TIME,
    NOT_SUBMITTED_IN_TIME,
    Application,
)
from applications_service.intake.applications.storage import applications, drafts_after_closing, late_for_recommending
from applications_service.intake.recommendations.commands import keep_decision
from applications_service.intake.recommendations.model import Verdict
from applications_service.intake.reminders.model import Reminder
from applications_service.rules.agencies.storage import agencies_at
from applications_service.rules.rounds.commands import let_acceptance_fall_due
from applications_service.rules.rounds.storage import rounds
from common.contracts.applications.applications import EscalatedTo, OverdueRule
from common.kernel.actor import Role
from common.kernel.worklist import waits_for
from common.storage.waiting.terms import BATCH, Waiting, following
from common.storage.work import Work


async def remind_of_term(work: Work, application: Application) -> None:
    """Remind the one who has it on his desk; a draft whose round was extended gets its new term first."""
    if application.clock == CLOSING and await _extended(work, application):
        return
    await _send(work, application, overdue=False)


async def let_term_pass(work: Work, application: Application) -> None:
    """Do what the programme prescribes for the term that has passed."""
    if application.state is State.DRAFT:
        await _extended(work, application)
        return
    terms = await terms_of(work, application)
    rule = OverdueRule(terms.programme.rule_when_overdue(application.clock))
    if rule is OverdueRule.REMIND:
        await _send(work, application, overdue=True)
    turn = application.turn(terms.programme)
    application.pass_by(rule, terms=terms)
    if rule is OverdueRule.RETURN:
        keep_decision(work, application, turn, Verdict.RETURNED, NOT_RECOMMENDED_IN_TIME)


async def end_drafts_of_closed_rounds(work: Work) -> int:
    """End the next drafts whose round has closed; returns how many."""
    found = await work.find(applications, *drafts_after_closing(), limit=BATCH)
    for application in found:
        before = application.attachments
        application.lapse(reason=NOT_SUBMITTED_IN_TIME)
        await free_given_up(work, application, before)
    return len(found)


async def move_up_after_window(work: Work) -> int:
    """Put on the office's desk what the recommenders have not decided when their window closes; returns how many."""
    found = await work.find(applications, *late_for_recommending(work.now), limit=BATCH)
    for application in found:
        application.escalate(terms=await terms_of(work, application), to=EscalatedTo.OFFICE)
    return len(found)


async def _extended(work: Work, application: Application) -> bool:
    """Give a draft the term of its round as it is now; returns whether that is a later one."""
    round_ = await work.consult(rounds, application.round_id)
    before = application.due_on
    if before is None or round_.windows.last_day <= before:
        return False
    application.wait_until_closing(round_=round_, terms=await terms_of(work, application))
    application.note("wait_longer")
    return True


async def _send(work: Work, application: Application, *, overdue: bool) -> None:
    desk = application.waits_for or ""
    own = desk == waits_for(Role.APPLICANT, application.applicant)
    recipients = [application.applicant] if own else await agencies_at(work, desk)
    if recipients:
        reminder_id = work.new_id(Reminder)
        work.add(
            Reminder.sent(application, reminder_id=reminder_id, recipients=recipients, overdue=overdue, at=work.now)
        )
    application.note("remind", reason=application.clock)


follow_terms = following(
    Waiting(store=applications, remind=remind_of_term, pass_by=let_term_pass),
    Waiting(store=rounds, pass_by=let_acceptance_fall_due),
)
