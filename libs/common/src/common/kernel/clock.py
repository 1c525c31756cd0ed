"""Two clocks: the system's for tokens, leases, retries and ids, the legal one for dates with legal effect.

The legal clock, which the demo can move, is `common/process/legal_clock.py`.
"""

from datetime import UTC, date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Returns the present time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class SystemClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


def legal_date(at: datetime) -> date:
    """Return the date of an instant in Asia/Shanghai, the time zone of all legal dates."""
    return at.astimezone(SHANGHAI).date()
