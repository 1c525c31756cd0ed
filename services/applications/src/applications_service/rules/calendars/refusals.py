"""The refusals of publishing a calendar."""

from common.kernel.errors import Conflict, Invalid, Refused


class DayOutsideYear(Invalid):
    """A year's notice names days of that year, and of the last three days of the year before."""

    code = "day-outside-year"
    zh = "该日期不在本年度工作日历范围内（可含上一年 12 月 29 日至 31 日）。"
    en = "The day is outside the calendar's year and the last three days of the year before."


class DayNamedTwice(Invalid):
    """A day is a day off or a shifted workday, once."""

    code = "day-named-twice"
    zh = "同一日期重复列出，或既列为放假又列为上班。"
    en = "The day is named twice, or both as a day off and as a workday."


class WorkdayNotOnWeekend(Invalid):
    """Only a Saturday or a Sunday is made a working day; any other day is one already."""

    code = "workday-not-on-weekend"
    zh = "调休上班日须为周六或周日。"
    en = "A shifted workday is a Saturday or a Sunday."


class CalendarDayPassed(Refused):
    """Of a calendar that is known, only days that have not passed are amended: terms were counted by the others."""

    code = "calendar-day-passed"
    zh = "{days} 已经过去，不能再改为放假或者上班。"
    en = "{days} have passed; whether they were worked cannot be changed any more."


class CalendarUnchanged(Conflict):
    """The calendar says exactly this already."""

    code = "calendar-unchanged"
    zh = "该年工作日历未作任何修改。"
    en = "The calendar of this year says exactly this already."
