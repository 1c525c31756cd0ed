"""The refusal to move the legal clock back."""

from common.kernel.errors import Refused


class ClockGoesForward(Refused):
    """The legal clock is never moved back: earlier decisions would be in the future."""

    code = "clock-goes-forward"
    zh = "法定时钟只能向前调整，当前为 {now_at}。"
    en = "The legal clock can only be moved forward; it is now {now_at}."
