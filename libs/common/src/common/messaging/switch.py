"""The kill switch: when most events fail, the fault is ours, and setting them all aside would only bury the stream."""

from collections import deque
from typing import Final

RECENT: Final = 20
ENOUGH: Final = 10


class KillSwitch:
    """Watches the final outcomes of recent events; open means: hold, probe, go on when a probe succeeds.

    A key counts once however many of its events fail, since the later ones are parked behind the first.
    """

    def __init__(self) -> None:
        self._outcomes: deque[bool] = deque(maxlen=RECENT)
        self.open = False

    def succeeded(self, count: int = 1) -> None:
        """Count events that were taken; closes the switch."""
        if self.open:
            self.open = False
            self._outcomes.clear()
        self._outcomes.extend([True] * min(count, RECENT))

    def failed(self) -> None:
        """Count an event that would be set aside; opens the switch when most of the recent ones failed."""
        self._outcomes.append(False)
        failures = self._outcomes.count(False)
        if len(self._outcomes) >= ENOUGH and failures * 2 > len(self._outcomes):
            self.open = True
