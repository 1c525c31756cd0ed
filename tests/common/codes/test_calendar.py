"""Legal days: the notices of many years, the years that were entered, estimated terms, and every day of a term."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, strategies as st

from common.codes.calendar import Counting, DayKind, Deadline, LegalDay, SpecialDay, WorkingCalendar, built_in_days

CALENDAR = WorkingCalendar()
DAYS_OF_THE_ORACLE = [date(2004, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]


def ends(
    start: date, days: int, kind: DayKind = DayKind.WORKING, *, calendar: WorkingCalendar = CALENDAR
) -> tuple[date, bool]:
    deadline = calendar.after(start, days=days, kind=kind)
    return deadline.on, deadline.estimated


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
    assert ends(date.fromisoformat(start), days) == (date.fromisoformat(end), False)


def test_a_term_of_calendar_days_that_ends_on_a_day_off_moves_to_the_next_working_day() -> None:
    assert ends(date(2015, 9, 24), 7, DayKind.CALENDAR) == (date(2015, 10, 8), False)
    assert ends(date(2015, 10, 3), 7, DayKind.CALENDAR) == (date(2015, 10, 10), False)


@given(st.sampled_from(DAYS_OF_THE_ORACLE), st.integers(1, 60))
def test_a_term_contains_its_number_of_working_days_and_ends_on_one(start: date, days: int) -> None:
    end, _ = ends(start, days)
    term = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(CALENDAR.is_working_day, term)) == days
    assert CALENDAR.is_working_day(end)


def test_an_entered_year_has_priority_over_the_library_and_is_certain() -> None:
    entered = WorkingCalendar(
        {2015: (SpecialDay(date(2015, 10, 9), "停工日", "Stoppage"), SpecialDay(date(2015, 10, 11)))}
    )

    assert [entered.is_working_day(date(2015, 10, day)) for day in (1, 9, 10, 11, 12)] == [
        True,
        False,
        False,
        True,
        True,
    ]
    assert ends(date(2015, 10, 8), 1, calendar=entered) == (date(2015, 10, 11), False)


def test_a_years_notice_reaches_back_to_the_last_days_of_the_year_before() -> None:
    entered = WorkingCalendar({2027: (SpecialDay(date(2026, 12, 31), "元旦", "New Year's Day"),)})

    assert ends(date(2026, 12, 30), 1, calendar=entered) == (date(2027, 1, 1), False)
    assert WorkingCalendar({2026: ()}).is_working_day(date(2026, 10, 1))


def test_a_term_into_a_year_without_a_notice_is_counted_by_weekdays_and_estimated() -> None:
    assert ends(date(2026, 12, 24), 10) == (date(2027, 1, 8), True)
    assert CALENDAR.after(date(2026, 12, 24), days=10, kind=DayKind.CALENDAR).estimated
    assert CALENDAR.after(date(2000, 12, 1), days=1, kind=DayKind.WORKING).estimated


def test_the_last_days_of_a_year_are_estimated_until_the_next_notice() -> None:
    assert ends(date(2026, 12, 25), 1) == (date(2026, 12, 28), False)
    assert ends(date(2026, 12, 28), 1) == (date(2026, 12, 29), True)


def test_the_start_day_does_not_make_a_term_estimated() -> None:
    assert not CALENDAR.after(date(2000, 12, 31), days=1, kind=DayKind.WORKING).estimated


@pytest.mark.parametrize("days", [0, -1])
@pytest.mark.parametrize("kind", DayKind)
def test_a_term_without_a_day_is_refused(days: int, kind: DayKind) -> None:
    with pytest.raises(ValueError, match="no last day"):
        CALENDAR.after(date(2015, 10, 8), days=days, kind=kind)


def shown(deadline: Deadline) -> list[tuple[int, LegalDay, str | None, int | None]]:
    again = Counting.read(deadline.counting.as_json())
    return [(day.on.day, day.kind, day.zh, day.number) for day in again.day_by_day(deadline.on)]


def test_every_day_of_a_term_says_what_it_is_and_whether_it_counts() -> None:
    off, weekend, work = LegalDay.HOLIDAY, LegalDay.WEEKEND, LegalDay.WORKDAY

    assert shown(CALENDAR.after(date(2015, 10, 1), days=3, kind=DayKind.WORKING)) == [
        (2, off, "国庆节", None),
        (3, off, "国庆节", None),
        (4, weekend, None, None),
        (5, off, "国庆节（补假）", None),
        (6, off, "中秋节（补假）", None),
        (7, off, "休息日（由 2015-10-10 调休）", None),
        (8, work, None, 1),
        (9, work, None, 2),
        (10, LegalDay.SHIFTED_WORKDAY, None, 3),
    ]
    assert shown(CALENDAR.after(date(2015, 10, 1), days=3, kind=DayKind.CALENDAR)) == [
        (2, off, "国庆节", 1),
        (3, off, "国庆节", 2),
        (4, weekend, None, 3),
        (5, off, "国庆节（补假）", None),
        (6, off, "中秋节（补假）", None),
        (7, off, "休息日（由 2015-10-10 调休）", None),
        (8, work, None, None),
    ]


def test_the_days_between_two_are_those_that_the_term_counts() -> None:
    assert CALENDAR.days_between(date(2015, 9, 28), date(2015, 10, 13), kind=DayKind.WORKING) == 7
    assert CALENDAR.days_between(date(2015, 9, 28), date(2015, 10, 13), kind=DayKind.CALENDAR) == 15
    assert CALENDAR.days_between(date(2015, 10, 8), date(2015, 10, 8), kind=DayKind.WORKING) == 0


def test_a_day_off_of_the_library_has_its_name_in_both_languages() -> None:
    first = built_in_days(2015)[0]

    assert (first.on, first.zh, first.en, first.kind) == (date(2015, 1, 1), "元旦", "New Year's Day", LegalDay.HOLIDAY)
