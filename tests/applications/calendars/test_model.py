from datetime import date

import pytest

from applications_service.rules.calendars.model import Calendar, days_of
from applications_service.rules.calendars.refusals import (
    CalendarDayPassed,
    CalendarUnchanged,
    DayNamedTwice,
    DayOutsideYear,
    WorkdayNotOnWeekend,
)
from common.codes.calendar import SpecialDay, built_in_days
from common.contracts.applications.calendars import CalendarPublished, Holiday
from common.kernel.errors import Invalid
from support.service.alone import START

TODAY = date(2015, 10, 8)
STOPPAGE = SpecialDay(date(2015, 10, 16), "停工日", "Stoppage")


def _publish(calendar: Calendar, *days: SpecialDay) -> date:
    return calendar.publish(days, document_number="国办发明电〔2015〕18号", at=START, today=TODAY)


def test_the_library_is_the_first_edition_and_an_amendment_the_second() -> None:
    calendar = Calendar.known(2015)
    known = built_in_days(2015)
    assert (calendar.edition, calendar.days) == (1, known)

    first = _publish(calendar, *known, STOPPAGE)

    assert (first, calendar.edition, calendar.published_at) == (STOPPAGE.on, 2, START)
    (happened,) = calendar.recorded
    assert isinstance(happened.event, CalendarPublished)
    assert (happened.action, happened.event.edition, happened.event.subject) == ("publish", 2, "2015")
    assert happened.event.days == calendar.days == tuple(sorted((*known, STOPPAGE), key=lambda each: each.on))


def test_the_first_edition_of_an_unknown_year_may_be_entered_late_and_reaches_back() -> None:
    calendar = Calendar.known(2027)
    assert (calendar.edition, calendar.days) == (0, ())
    new_year = [SpecialDay(date(2026, 12, 31), "元旦", "New Year"), SpecialDay(date(2027, 1, 3))]

    first = calendar.publish(new_year, document_number="1号", at=START, today=date(2027, 3, 1))

    assert (first, calendar.edition) == (date(2026, 12, 29), 1)
    (happened,) = calendar.recorded
    assert isinstance(happened.event, CalendarPublished)
    assert happened.event.holidays == (Holiday(on=date(2026, 12, 31), zh="元旦", en="New Year"),)
    assert happened.event.workdays == (date(2027, 1, 3),)


def test_only_days_that_have_not_passed_are_amended() -> None:
    calendar = Calendar.known(2015)
    passed = SpecialDay(date(2015, 9, 28), "停工日", "Stoppage")

    with pytest.raises(CalendarDayPassed) as found:
        _publish(calendar, *built_in_days(2015), passed)
    assert (found.value.params["days"], calendar.edition, calendar.recorded) == ("2015-09-28", 1, [])
    assert _publish(calendar, *built_in_days(2015), SpecialDay(TODAY, "停工日", "Stoppage")) == TODAY


def test_a_day_off_that_has_passed_is_not_taken_back() -> None:
    with pytest.raises(CalendarDayPassed):
        _publish(Calendar.known(2015), *built_in_days(2015)[1:])


def test_the_same_calendar_is_not_published_twice() -> None:
    with pytest.raises(CalendarUnchanged):
        _publish(Calendar.known(2015), *reversed(built_in_days(2015)))


@pytest.mark.parametrize(
    ("holidays", "workdays", "refusal", "pointer"),
    [
        (["2015-12-28"], [], DayOutsideYear, "/holidays/0/on"),
        (["2016-12-31", "2017-01-01"], [], DayOutsideYear, "/holidays/1/on"),
        (["2016-02-08"], ["2016-02-06", "2016-02-06"], DayNamedTwice, "/workdays/1"),
        (["2016-02-06"], ["2016-02-06"], DayNamedTwice, "/workdays/0"),
        ([], ["2016-02-05"], WorkdayNotOnWeekend, "/workdays/0"),
    ],
)
def test_a_wrong_day_is_refused_at_its_place(
    holidays: list[str], workdays: list[str], refusal: type[Invalid], pointer: str
) -> None:
    with pytest.raises(refusal) as found:
        days_of(
            2016,
            holidays=[SpecialDay(date.fromisoformat(day), "节", "Day") for day in holidays],
            workdays=[date.fromisoformat(day) for day in workdays],
        )

    assert found.value.pointer == pointer
