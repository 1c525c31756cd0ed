"""The refusals of reading or using a notice."""

from common.kernel.errors import NotFound, Refused


class NoticeNotFound(NotFound):
    """There is no such notice."""

    code = "notice-not-found"
    zh = "未找到公示 {key}。"
    en = "There is no public notice {key}."


class NoticeClosed(Refused):
    """Objections are accepted only during the notice."""

    code = "notice-closed"
    zh = "公示已于 {closes_on} 结束，不再受理异议。"
    en = "The public notice closed on {closes_on}; objections are not taken any more."


class NoticeStillOpen(Refused):
    """The list cannot be deliberated before the notice has closed."""

    code = "notice-still-open"
    zh = "公示至 {closes_on} 结束，期满后方可审定。"
    en = "The public notice runs until {closes_on}; the list is deliberated after that day."


class NothingToShow(Refused):
    """Every case of the list has been on a notice, or is held."""

    code = "nothing-to-show"
    zh = "名单上没有尚待公示的申报。"
    en = "No case of the list is still to be put on notice."
