"""Ctrl-C while a stack starts: the first one ends the start, and a later one does not stop the clean-up.

Without this, a second Ctrl-C would end the command in the middle of ending its processes, and leave the rest running.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, Self, TypeAlias

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_STDERR: Final = 2
_NOTE: Final = b"already ending what was started; a process gets 30 s to end, then it is killed\n"

_Handler: TypeAlias = Callable[[int, FrameType | None], Any] | int | None


class Interrupts:
    """Handles SIGINT and SIGTERM while its block runs; only the main thread may enter it.

    The first signal raises KeyboardInterrupt, only inside `raising`. Any later signal prints a note.
    """

    def __init__(self) -> None:
        self._arrived = False
        self._raises = False
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        """Replace the handlers of the signals."""
        self._before = {one: signal.signal(one, self._handle) for one in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the previous handlers of the signals."""
        for one, handler in self._before.items():
            signal.signal(one, handler)

    def ignore_from_now_on(self) -> None:
        """Ignore the signals also after the block: the process only has to exit."""
        self._before = dict.fromkeys(SIGNALS, signal.SIG_IGN)

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Raise KeyboardInterrupt in this block at the first signal; at once when the signal has already arrived."""
        self._raises = True
        try:
            if self._arrived:
                raise KeyboardInterrupt
            yield
        finally:
            self._raises = False

    @contextmanager
    def delayed(self) -> Iterator[None]:
        """Inside `raising`: raise only after this block, so that a process that it starts is recorded as well."""
        self._raises = False
        try:
            yield
        except Exception as error:  # always raised again, as the interrupt where that is the cause
            if self._arrived:  # a terminal sends Ctrl-C to the child process too, which therefore fails
                raise KeyboardInterrupt from error
            raise
        finally:
            self._raises = True
        if self._arrived:
            raise KeyboardInterrupt

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        first, self._arrived = not self._arrived, True
        if first and self._raises:
            raise KeyboardInterrupt
        if not first:
            os.write(_STDERR, _NOTE)  # print() must not be called while another print() runs
