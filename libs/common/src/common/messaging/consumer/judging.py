"""Whose fault a failed attempt is, and what is done with its event: set aside, or retried later. Pure: no I/O."""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, NamedTuple

from sqlalchemy.exc import DBAPIError

from common.kernel.errors import Category, MingpaiError, Permanent, Transient
from common.messaging.backoff import MOST_STEPS, RetryPolicy
from common.messaging.consumer.parking import Mark
from common.storage.database.constraints import is_unstorable

LONGEST_REASON: Final = 1_000
_FINAL_REFUSALS: Final = frozenset({Category.REFUSED, Category.INVALID, Category.NOT_ALLOWED})


class Fault(Enum):
    """Who is at fault when an attempt fails; only `UNKNOWN` counts towards the kill switch.

    `EVENT`: the event can never be processed, because it cannot be read or contradicts what is stored. `MOMENT`: the
    attempt lost a race, or what it needs may still come. `UNKNOWN`: anything else, which may be a defect of ours.
    """

    EVENT = auto()
    MOMENT = auto()
    UNKNOWN = auto()


def fault_of(error: Exception) -> Fault:
    """Return who is at fault."""
    if isinstance(error, Permanent):
        return Fault.EVENT
    if isinstance(error, MingpaiError):
        return Fault.EVENT if error.category in _FINAL_REFUSALS else Fault.MOMENT
    if isinstance(error, DBAPIError) and is_unstorable(error):
        return Fault.EVENT
    return Fault.UNKNOWN


def reason_of(error: Exception) -> tuple[str, str]:
    """Return a short code and a text for an error; the code is the error's own if it has one."""
    if isinstance(error, Permanent | Transient):
        code = error.reason
    else:
        code = error.code if isinstance(error, MingpaiError) else type(error).__name__
    return code, f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST_REASON]


class Verdict(NamedTuple):
    """What is done after a failed attempt, which `attempts` includes: an event without `next_try_at` is dead."""

    error: Exception
    attempts: int
    at: datetime
    next_try_at: datetime | None

    @property
    def is_final(self) -> bool:
        """Whether the event is set aside."""
        return self.next_try_at is None

    @property
    def mark(self) -> Mark:
        """The mark of the parked event."""
        return Mark(
            dead=self.is_final,
            next_try_at=self.next_try_at,
            attempts=self.attempts,
            last_error=reason_of(self.error)[1],
        )


def judge(error: Exception, *, failed_before: int, retries: RetryPolicy, at: datetime, paused: bool) -> Verdict:
    """Return the verdict; while the consumer is paused, an attempt that failed for an unknown reason is not counted."""
    fault = fault_of(error)
    if paused and fault is Fault.UNKNOWN:
        return Verdict(error, max(failed_before, 1), at, at + timedelta(seconds=retries.backoff.delay(MOST_STEPS)))
    attempts = failed_before + 1
    if fault is Fault.EVENT or attempts >= retries.attempts:
        return Verdict(error, attempts, at, None)
    return Verdict(error, attempts, at, at + timedelta(seconds=retries.backoff.delay(attempts)))
