"""The refusals of reading or changing an expert."""

from common.kernel.errors import Conflict, Invalid, NotFound, Refused


class ExpertNotFound(NotFound):
    """There is no such expert."""

    code = "expert-not-found"
    zh = "未找到专家 {key}。"
    en = "There is no expert {key}."


class ExpertAlreadyEntered(Conflict):
    """The person is in the pool already."""

    code = "expert-already-entered"
    zh = "该专家已在专家库中。"
    en = "This person is in the pool of experts already."


class ExpertEnded(Refused):
    """The person has left the pool for good."""

    code = "expert-ended"
    zh = "该专家已退出专家库。"
    en = "This person has left the pool of experts."


class PeriodReversed(Invalid):
    """A period ends before it begins."""

    code = "period-reversed"
    zh = "起止日期颠倒：{since_on} 晚于 {until_on}。"
    en = "The period ends on {until_on}, before it begins on {since_on}."
