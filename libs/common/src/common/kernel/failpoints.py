"""Places where a test kills the process, to prove that nothing acknowledged is lost. Refused in production.

The start of a service calls `arm` with the setting; the code calls `hit` at each point. One process may run several
services, so each service is armed separately. An unknown point is an error, because the test would kill no process.
"""

import itertools
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

POINTS: Final = (
    "before-commit",
    "after-commit",
    "before-publish",
    "after-publish",
    "before-delete",
    "before-effect-commit",
    "after-effect-commit",
    "before-send",
    "after-send",
)
_SPEC: Final = re.compile(r"(?P<service>[a-z][a-z-]*)\.(?P<point>[a-z-]+)(?::(?P<pass>[1-9][0-9]{0,8}))?")


@dataclass(frozen=True, slots=True)
class _Armed:
    point: str
    deadly_pass: int
    passes: Iterator[int]
    kill: Callable[[], None]


_armed: Final[dict[str, _Armed]] = {}


def kill_this_process() -> None:
    """End the process at once, as a power failure would: no handler, no flush."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(service: str, spec: str | None, *, kill: Callable[[], None] = kill_this_process) -> None:
    """Arm the service if `spec` (`<service>.<point>[:n]`, n from 1) names it, else disarm it.

    Raises ValueError with the reason for a wrong spec, also when it names another service.
    """
    _armed.pop(service, None)
    if spec is None:
        return
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ValueError(f"the failpoint {spec!r} is not <service>.<point>[:n]")
    point = _known(match["point"])
    if match["service"] == service:
        _armed[service] = _Armed(point, int(match["pass"] or 1), itertools.count(1), kill)


def hit(service: str, point: str) -> None:
    """Count one pass of a point; kill the process if the service is armed for this point and this pass.

    Raises ValueError when no such point is listed.
    """
    _known(point)
    armed = _armed.get(service)
    if armed is not None and armed.point == point and next(armed.passes) == armed.deadly_pass:
        armed.kill()


def _known(point: str) -> str:
    if point not in POINTS:
        raise ValueError(f"no failpoint is called {point!r}; there are {', '.join(POINTS)}")
    return point
