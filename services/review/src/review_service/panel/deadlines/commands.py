"""What the job of terms does with sheets: remind of the last day, and let it pass as the programme prescribes."""

from common.contracts.applications.applications import OverdueRule
from common.contracts.review.reminders import Reminded
from common.kernel.actor import Role
from common.kernel.worklist import waits_for
from common.storage.waiting.terms import Waiting
from common.storage.work import Work
from review_service.cases.desk_reminders.commands import remind_of
from review_service.cases.rounds.storage import programme_of
from review_service.panel.draws.storage import draws
from review_service.panel.sheets.model import Sheet
from review_service.panel.sheets.storage import all_sheets


async def remind_of_sheet(work: Work, sheet: Sheet) -> None:
    """Remind the one who has the sheet on his desk: its expert, or the recognition body that drew him."""
    own = sheet.waits_for == waits_for(Role.EXPERT, sheet.expert_sub)
    recipient = sheet.waits_for or "" if own else (await work.read(draws, sheet.draw_id)).agency
    await remind_of(work, sheet, Reminded.SHEET, clock=sheet.clock, due_on=sheet.due_on, recipients=[recipient])


async def let_sheet_pass(work: Work, sheet: Sheet) -> None:
    """Do what the programme prescribes for a sheet that was not submitted in time."""
    programme = await programme_of(work, sheet.round_id)
    rule = OverdueRule(programme.rule_when_overdue(sheet.clock))
    sheet.pass_by(rule)
    if rule is not OverdueRule.NOTHING:
        await remind_of_sheet(work, sheet)


SHEET_TERMS = Waiting(store=all_sheets, remind=remind_of_sheet, pass_by=let_sheet_pass)
