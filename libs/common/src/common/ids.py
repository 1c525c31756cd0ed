"""Identifiers: UUIDv7 (RFC 9562), so that they sort by the time they were made, with a prefix that names the noun.

Ids of one process are strictly increasing, also within a millisecond and when the wall clock steps back.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

Ids = Callable[[str | None], str]
"""Makes ids; commands get it with their work, so that a test can foretell them."""

_PREFIX: Final = re.compile(r"[a-z]{2,12}")
_RANDOM_BITS: Final = 74
_STEP_BITS: Final = 32


class Uuid7Source:
    """Makes UUIDv7 values, each greater than the one before (RFC 9562 §6.2, method 2: monotonic random).

    `now_ms` gives milliseconds since 1970, `random_bits(n)` gives n unpredictable bits.
    """

    def __init__(
        self,
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._now_ms = now_ms
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._last_ms = -1
        self._random = 0

    def __call__(self) -> UUID:
        """Return the next value."""
        with self._lock:
            now = self._now_ms()
            if now > self._last_ms:
                self._last_ms, self._random = now, self._random_bits(_RANDOM_BITS)
            else:
                self._random += 1 + self._random_bits(_STEP_BITS)
                if self._random >> _RANDOM_BITS:
                    self._last_ms, self._random = self._last_ms + 1, self._random_bits(_RANDOM_BITS)
            return _assemble(self._last_ms, self._random)


def _assemble(milliseconds: int, random: int) -> UUID:
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=(milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


_SOURCE: Final = Uuid7Source()


def uuid7() -> UUID:
    """Return a UUIDv7 that is greater than any this process has made before."""
    return _SOURCE()


def new_id(prefix: str | None = None) -> str:
    """Return a new id: `app_0193…` for the prefix `app`, the bare UUID in canonical form without one.

    Raises ValueError when the prefix is not two to twelve small letters.
    """
    if prefix is None:
        return str(uuid7())
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"the id prefix {prefix!r} is not two to twelve small letters")
    return f"{prefix}_{uuid7()}"
