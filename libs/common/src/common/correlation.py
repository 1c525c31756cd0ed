"""What ties a piece of work to what caused it: request, event and trace."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """The ids that every event, audit row and log line of one piece of work carries.

    `id` is the request that began the whole story and is handed on from event to event; `caused_by` is the event that
    a reaction answers, None for a request.
    """

    id: str
    caused_by: str | None = None
    traceparent: str | None = None
