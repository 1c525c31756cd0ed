"""The refusal of reading a recusal."""

from common.kernel.errors import NotFound


class RecusalUnknown(NotFound):
    """The applications service has not received such a recusal."""

    code = "recusal-unknown"
    zh = "申报服务尚未收到回避记录 {key}。"
    en = "The applications service has not received the recusal {key} yet."
