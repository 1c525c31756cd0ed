"""How long to wait before trying again, how often, and by which sleep: tests pass one that does not."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


def between_half_and_whole() -> float:
    """Return a factor that keeps many from trying again at the same instant."""
    return random.uniform(0.5, 1.0)  # noqa: S311 -- spreads retries; nothing secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Exponential backoff with jitter; all times in seconds.

    `attempts` is an event's budget. `probe` is the time between looks while the kill switch holds everything. `lease`
    is how long a silent relay keeps its lock on PostgreSQL, in whole seconds; a living one beats five times as often,
    by a sleep of its own.
    """

    attempts: int = 6
    first: float = 0.1
    factor: float = 3.0
    longest: float = 10.0
    probe: float = 30.0
    lease: int = 10
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    beat: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = between_half_and_whole

    def delay(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row."""
        # bounded before it is raised to a power: an outage of days must not overflow
        steps = min(failures - 1, 64)
        return float(min(self.first * self.factor**steps, self.longest) * self.jitter())

    async def back_off(self, failures: int) -> None:
        """Wait after so many failures in a row."""
        await self.sleep(self.delay(failures))
