"""How long to wait before a retry: the one exponential backoff of the platform, and a consumer's policy of retries."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

MOST_STEPS = 64
"""The number of failures after which the delay no longer grows: the power must not overflow in a long outage."""


def between_half_and_whole() -> float:
    """Return a factor that keeps many processes from retrying at the same instant."""
    return random.uniform(0.5, 1.0)  # noqa: S311 -- spreads retries; nothing secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Exponential backoff with jitter: `first` seconds, `factor` times more after each failure, `longest` at most."""

    first: float = 0.1
    factor: float = 3.0
    longest: float = 10.0
    jitter: Callable[[], float] = between_half_and_whole

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after this number of failures in a row, at least one."""
        steps = min(failures - 1, MOST_STEPS)
        return float(min(self.first * self.factor**steps, self.longest) * self.jitter())


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how fast relays and consumers retry; tests pass a `sleep` that takes no time.

    `attempts` is the number of attempts per event.
    """

    attempts: int = 6
    backoff: Backoff = field(default_factory=Backoff)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def wait(self, failures: int) -> None:
        """Wait for the delay after this number of failures in a row."""
        await self.sleep(self.backoff.delay(failures))
