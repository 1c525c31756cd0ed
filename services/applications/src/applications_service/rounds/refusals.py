"""Why a round cannot be had, opened or used."""

from common.errors import Conflict, Invalid, NotFound, Refused


class RoundNotFound(NotFound):
    """No such round."""

    code = "round-not-found"
    zh = "未找到届次 {key}。"
    en = "There is no round {key}."


class RoundNotOpen(Refused):
    """The round takes applications only between its opening and its closing."""

    code = "round-not-open"
    zh = "本届受理时间为 {opens_at} 至 {closes_at}，现不在受理期内。"
    en = "The round takes applications from {opens_at} to {closes_at}, not now."


class RoundAlreadyClosed(Refused):
    """The round has been closed; nothing follows."""

    code = "round-already-closed"
    zh = "本届申报已截止。"
    en = "The round has been closed."


class RoundExists(Conflict):
    """The honour has a round in this year."""

    code = "round-exists"
    zh = "该荣誉本年度的届次已存在。"
    en = "The honour has a round in this year already."


class RoundPeriodEmpty(Invalid):
    """A round closes after it opens."""

    code = "round-period-empty"
    pointer = "/closes_at"
    zh = "截止时间必须晚于开始时间。"
    en = "A round must close after it opens."
