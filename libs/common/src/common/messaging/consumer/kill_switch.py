"""The kill switch: when most new events fail for an unknown reason, the cause is likely a defect of ours.

While it is open, no such event becomes a dead letter, which would only hide the defect, and the consumer takes new
events a few at a time. Each of these probes is another event: one that failed is parked for its next try.
"""

import asyncio
from collections import deque
from typing import Final

RECENT: Final = 20
ENOUGH: Final = 10
PROBES: Final = 20
"""Failed probes in a row after which the consumer waits before the next ones."""


class KillSwitch:
    """Counts recent events by the outcome of their first attempt in this process, also after a restart.

    A key counts once, also when several of its events fail, because the later ones are parked behind the first.
    """

    def __init__(self) -> None:
        self._outcomes: deque[bool] = deque(maxlen=RECENT)
        self._probes = 0
        self.waits = 0
        self.closed = asyncio.Event()
        self.closed.set()

    @property
    def open(self) -> bool:
        """Whether the consumer is paused."""
        return not self.closed.is_set()

    @property
    def is_exhausted(self) -> bool:
        """Whether enough probes have failed for now."""
        return self.open and self._probes >= PROBES

    def succeeded(self, count: int) -> None:
        """Count events that were processed; closes the switch."""
        self.close()
        self._outcomes.extend([True] * min(count, RECENT))

    def failed(self) -> None:
        """Count a first attempt that failed; opens the switch when most of the recent ones did."""
        if self.open:
            self._probes += 1
            return
        self._outcomes.append(False)
        failures = self._outcomes.count(False)
        if len(self._outcomes) >= ENOUGH and failures * 2 > len(self._outcomes):
            self.closed.clear()

    def waited(self) -> None:
        """Allow the next probes."""
        self.waits += 1
        self._probes = 0

    def close(self) -> None:
        """End the pause, if there is one."""
        if self.open:
            self.waits = self._probes = 0
            self._outcomes.clear()
            self.closed.set()
