"""Why a notice cannot be had or used."""

from common.errors import NotFound, Refused


class NoticeNotFound(NotFound):
    """No such notice."""

    code = "notice-not-found"
    zh = "未找到公示 {key}。"
    en = "There is no public notice {key}."


class NoticeClosed(Refused):
    """Objections are taken inside the notice only."""

    code = "notice-closed"
    zh = "公示已于 {closes_on} 结束，不再受理异议。"
    en = "The public notice closed on {closes_on}; objections are not taken any more."


class NoticeStillOpen(Refused):
    """The list is deliberated after the notice has closed."""

    code = "notice-still-open"
    zh = "公示至 {closes_on} 结束，期满后方可审定。"
    en = "The public notice runs until {closes_on}; the list is deliberated after that day."
