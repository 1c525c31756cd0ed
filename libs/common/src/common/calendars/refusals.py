"""The refusals of reading a calendar."""

from common.kernel.errors import NotFound


class CalendarNotFound(NotFound):
    """The notice of this year is not known: terms in it are counted by weekdays and marked as estimated."""

    code = "calendar-not-found"
    zh = "尚无 {key} 年的工作日历，该年的期限按周一至周五推算。"
    en = "There is no calendar of {key} yet; terms in that year are counted by weekdays."
