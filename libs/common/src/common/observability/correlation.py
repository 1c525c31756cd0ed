"""The ids that connect a piece of work with its cause: request, event and trace."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

_TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_ZEROS: Final = frozenset({"0" * 32, "0" * 16})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """The ids that every event, audit row and log line of one piece of work carries.

    `id` is the request at the start of the chain and is copied from event to event; `caused_by` is the event that a
    reaction processes, None for a request.
    """

    id: str
    caused_by: str | None = None
    traceparent: str | None = None


class TraceContext(NamedTuple):
    """The parts of a W3C traceparent, in hexadecimal digits."""

    trace: str
    span: str
    flags: str


def trace_context(traceparent: str | None) -> TraceContext | None:
    """Parse a traceparent (W3C Trace Context, version 00); None when it is missing or not valid."""
    found = _TRACEPARENT.fullmatch(traceparent or "")
    if found is None or _ZEROS & {found[1], found[2]}:
        return None
    return TraceContext(found[1], found[2], found[3])
