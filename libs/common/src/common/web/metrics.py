"""The metrics of requests for Prometheus: their duration, by route template and status.

Labels are templates and codes, never values of a caller, so that a path scan cannot make a thousand series. Each
request is also logged with these values in one line: commands at INFO, queries at DEBUG.
"""

import logging
import time
from typing import Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_ROUTE: Final = "(none)"
_QUESTIONS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_REQUESTS: Final = Histogram(
    "mingpai_http_request_seconds",
    "Time from a request to the end of its answer.",
    ["service", "method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

_log = structlog.get_logger(__name__)
_levels: Final = logging.getLogger(__name__)


class MetricsMiddleware:
    """Measures every HTTP request of a service; one that ends in an exception counts as a 500."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and record how long it took."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = getattr(scope.get("route"), "path", NO_ROUTE)
            seconds = time.perf_counter() - began
            _REQUESTS.labels(self.service, method, route, str(status)).observe(seconds)
            level = logging.DEBUG if method in _QUESTIONS else logging.INFO
            if _levels.isEnabledFor(level):  # checked first: a line that is not written must cost nothing
                took = round(seconds * 1000, 1)
                _log.log(
                    level, "request", service=self.service, method=method, route=route, status=status, milliseconds=took
                )


def exposition() -> Response:
    """Return all metrics of this process in Prometheus' text format."""
    return Response(generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})
