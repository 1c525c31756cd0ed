"""Legal days: the notices of many years, the officers' corrections, and terms marked as estimated."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, strategies as st

from common.codes.calendar import Deadline, WorkingCalendar

CALENDAR = WorkingCalendar()
DAYS_OF_THE_ORACLE = [date(2004, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]


def test_every_day_from_2004_to_2026_agrees_with_another_library() -> None:
    differing = [day for day in DAYS_OF_THE_ORACLE if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)]
    # The notice for 2006 made Saturday 2005-12-31 a working day; the other library lacks it.
    assert differing == [date(2005, 12, 31)]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2015-09-28", 7, "2015-10-13"),
        ("2015-08-31", 5, "2015-09-08"),
        ("2015-02-13", 5, "2015-02-26"),
        ("2015-02-16", 7, "2015-03-03"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2025-09-28", 7, "2025-10-14"),
        ("2026-02-12", 10, "2026-03-04"),
    ],
)
def test_a_term_of_working_days_ends_on_the_day_that_follows_from_the_notices(start: str, days: int, end: str) -> None:
    deadline = CALENDAR.add_working_days(date.fromisoformat(start), days)
    assert deadline == Deadline(on=date.fromisoformat(end), estimated=False)


def test_a_term_of_calendar_days_that_ends_on_a_day_off_moves_to_the_next_working_day() -> None:
    assert CALENDAR.add_calendar_days(date(2015, 9, 24), 7) == Deadline(on=date(2015, 10, 8), estimated=False)
    assert CALENDAR.add_calendar_days(date(2015, 10, 3), 7) == Deadline(on=date(2015, 10, 10), estimated=False)


def test_a_programme_chooses_working_or_calendar_days() -> None:
    start = date(2015, 9, 28)
    assert CALENDAR.after(start, days=7, kind="working").on == date(2015, 10, 13)
    assert CALENDAR.after(start, days=7, kind="calendar").on == date(2015, 10, 8)


@given(st.sampled_from(DAYS_OF_THE_ORACLE), st.integers(1, 60))
def test_a_term_contains_its_number_of_working_days_and_ends_on_one(start: date, days: int) -> None:
    end = CALENDAR.add_working_days(start, days).on
    term = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(CALENDAR.is_working_day, term)) == days
    assert CALENDAR.is_working_day(end)


def test_an_override_has_priority_over_the_notice_for_days_off_and_working_days() -> None:
    corrected = WorkingCalendar({date(2015, 10, 10): False, date(2015, 10, 11): True})
    assert [corrected.is_working_day(date(2015, 10, day)) for day in (9, 10, 11, 12)] == [True, False, True, True]
    assert corrected.add_working_days(date(2015, 10, 9), 1).on == date(2015, 10, 11)


def test_a_term_into_a_year_without_a_notice_is_estimated() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 24), 10).estimated
    assert CALENDAR.add_calendar_days(date(2026, 12, 24), 10).estimated
    assert CALENDAR.add_working_days(date(2000, 12, 1), 1).estimated


def test_the_last_days_of_a_year_are_estimated_until_the_next_notice() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 25), 1) == Deadline(on=date(2026, 12, 28), estimated=False)
    assert CALENDAR.add_working_days(date(2026, 12, 28), 1) == Deadline(on=date(2026, 12, 29), estimated=True)


def test_the_start_day_does_not_make_a_term_estimated() -> None:
    assert not CALENDAR.add_working_days(date(2000, 12, 31), 1).estimated


def test_a_day_that_an_officer_has_entered_is_certain_without_its_notice() -> None:
    entered = WorkingCalendar({date(2027, 3, 2): True})
    assert entered.add_working_days(date(2027, 3, 1), 1) == Deadline(on=date(2027, 3, 2), estimated=False)
    assert entered.add_working_days(date(2027, 3, 1), 2) == Deadline(on=date(2027, 3, 3), estimated=True)


def test_a_year_whose_notice_the_officers_have_entered_is_certain() -> None:
    entered = WorkingCalendar({date(2027, 1, 4): False}, published=[2027])
    assert entered.add_working_days(date(2026, 12, 31), 1) == Deadline(on=date(2027, 1, 5), estimated=False)


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_without_a_day_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="no last day"):
        CALENDAR.add_working_days(date(2015, 10, 8), days)
    with pytest.raises(ValueError, match="no last day"):
        CALENDAR.add_calendar_days(date(2015, 10, 8), days)
