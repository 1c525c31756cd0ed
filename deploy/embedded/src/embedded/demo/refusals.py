"""The refusals of the demo's clock."""

from common.kernel.errors import Invalid


class ClockTooFar(Invalid):
    """The clock cannot be set later than 2100: working days and the dates of titles have no meaning after it."""

    code = "clock-too-far"
    zh = "法定时钟不能调到 {latest_on} 之后。"
    en = "The legal clock does not go beyond {latest_on}."
