from datetime import date

from common.contracts.review.reminders import DeskReminded, Reminded
from review_service.cases.desk_reminders.model import DeskReminder
from support.service.alone import START


def test_a_reminder_names_the_term_and_whom_it_went_to_no_case_and_stays_inside() -> None:
    reminder = DeskReminder.sent(
        reminder_id="drm_1",
        kind=Reminded.SHEET,
        about_id="sht_1",
        clock="scoring",
        due_on=date(2015, 10, 28),
        overdue=False,
        recipients=["expert:expert-1"],
        at=START,
    )

    (happened,) = reminder.recorded
    assert happened.event == DeskReminded(
        reminder_id="drm_1",
        kind=Reminded.SHEET,
        about_id="sht_1",
        clock="scoring",
        due_on=date(2015, 10, 28),
        overdue=False,
        recipients=("expert:expert-1",),
    )
    assert DeskReminded.topics() == ("mingpai.review.internal.v1",)
    assert not {"application_id", "review_id", "applicant"} & DeskReminded.model_fields.keys()
