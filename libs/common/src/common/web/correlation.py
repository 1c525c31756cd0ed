"""The ids of a request, the caller's if valid, else new ones: on every answer, log line, event and span.

Pure ASGI and outermost, so that nothing is logged or answered without them.
"""

import re
import secrets
from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.observability.correlation import Correlation, trace_context
from common.observability.tracing import OFF, Kind, Span, Tracing

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
_TRACED: Final = "/v1/"
_FAILED: Final = 500


class CorrelationMiddleware:
    """Gives every HTTP request its Request-Id and traceparent (W3C Trace Context) and binds both to the log.

    With tracing on, the traceparent is that of the request's span; health checks and pages have none.
    """

    def __init__(self, app: ASGIApp, tracing: Tracing = OFF) -> None:
        self.app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its ids; anything but HTTP is passed on unchanged."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        correlation = scope.setdefault("state", {}).get("correlation") or _read(headers)
        if not (self._tracing.on and scope["path"].startswith(_TRACED)):
            await self._pass_on(scope, receive, send, correlation)
            return
        with self._tracing.span(
            scope["method"],
            Kind.SERVER,
            parent=headers.get("traceparent"),
            attributes={"http.request.method": scope["method"], "mingpai.request_id": correlation.id},
        ) as span:
            traced = replace(correlation, traceparent=span.traceparent)
            try:
                await self._pass_on(scope, receive, _noting(span, send), traced)
            finally:
                route = getattr(scope.get("route"), "path", None)  # the template: a path may name a person
                if route is not None:
                    span.rename(f"{scope['method']} {route}")
                    span.note("http.route", route)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, correlation: Correlation) -> None:
        scope["state"]["correlation"] = correlation

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Request-Id"] = correlation.id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=correlation.id, traceparent=correlation.traceparent):
            await self.app(scope, receive, send_with_id)


def _noting(span: Span, send: Send) -> Send:
    """Return a `send` that records the status of the answer in the span."""

    async def send_and_note(message: Message) -> None:
        if message["type"] == "http.response.start":
            span.note("http.response.status_code", message["status"])
            if message["status"] >= _FAILED:
                span.fail(str(message["status"]))
        await send(message)

    return send_and_note


def current_correlation(request: Request) -> Correlation:
    """Return the request's ids; makes new ones when no middleware has made them."""
    correlation = getattr(request.state, "correlation", None)
    if isinstance(correlation, Correlation):
        return correlation
    request.state.correlation = made = _read(request.headers)
    return made


def _read(headers: Headers) -> Correlation:
    given = headers.get("request-id", "")
    chance = secrets.token_bytes(40)  # for both ids and the span at once: each call costs a system call
    return Correlation(
        id=given if _REQUEST_ID.fullmatch(given) else f"req_{UUID(bytes=chance[:16], version=4)}",
        traceparent=_continue(headers.get("traceparent", ""), chance[16:].hex()),
    )


def _continue(traceparent: str, chance: str) -> str:
    """Return a new traceparent in the caller's trace, or in a new trace when the header is not valid.

    `chance` are 24 random bytes in hexadecimal digits.
    """
    found = trace_context(traceparent)
    trace, flags = (chance[:32], "00") if found is None else (found.trace, found.flags)
    return f"00-{trace}-{chance[32:]}-{flags}"
