from datetime import date

from applications_service.intake.reminders.model import Reminder
from common.contracts.applications.reminders import TermReminded
from support.casts.applying import HONOUR, new_application
from support.service.alone import START


def test_a_reminder_names_the_term_and_whom_it_went_to_and_stays_inside() -> None:
    application = new_application("submitted")

    reminder = Reminder.sent(application, reminder_id="rmd_1", recipients=["SD-370102"], overdue=False, at=START)

    (happened,) = reminder.recorded
    assert happened.event == TermReminded(
        reminder_id="rmd_1",
        application_id="app_1",
        round_id="rnd_1",
        honour=HONOUR,
        clock="county_recommendation",
        due_on=date(2015, 10, 21),
        overdue=False,
        recipients=("SD-370102",),
    )
    assert TermReminded.topics() == ("mingpai.applications.internal.v1",)
