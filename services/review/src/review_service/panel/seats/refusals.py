"""The refusals of closing a panel."""

from common.kernel.errors import Refused


class PanelStillScoring(Refused):
    """An expert of the panel still has time to submit his sheet."""

    code = "panel-still-scoring"
    zh = "尚有 {count} 份评分表在期限内未交（截止 {due_on}），不能提前结束评分。"
    en = "{count} sheets are not submitted yet and are due on {due_on}; the panel cannot be closed before."
