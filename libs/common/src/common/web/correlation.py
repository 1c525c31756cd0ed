"""The ids of a request: taken from a sane caller or made here, on every answer, in every log line and event.

Pure ASGI and outermost, so that nothing is logged or answered without them.
"""

import re
import secrets
from typing import Final
from uuid import UUID

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.correlation import Correlation

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
_TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_ZEROS: Final = frozenset({"0" * 32, "0" * 16})


class CorrelationMiddleware:
    """Gives every HTTP request its Request-Id and traceparent (W3C Trace Context) and binds both to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its ids; anything but HTTP passes untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        correlation = scope.setdefault("state", {}).get("correlation") or _read(Headers(scope=scope))
        scope["state"]["correlation"] = correlation

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Request-Id"] = correlation.id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=correlation.id, traceparent=correlation.traceparent):
            await self.app(scope, receive, send_with_id)


def current_correlation(request: Request) -> Correlation:
    """Return the request's ids; makes them where no middleware did."""
    correlation = getattr(request.state, "correlation", None)
    if isinstance(correlation, Correlation):
        return correlation
    request.state.correlation = made = _read(request.headers)
    return made


def _read(headers: Headers) -> Correlation:
    given = headers.get("request-id", "")
    chance = secrets.token_bytes(40)  # for both ids and the span at once: each asking is a call of the kernel
    return Correlation(
        id=given if _REQUEST_ID.fullmatch(given) else f"req_{UUID(bytes=chance[:16], version=4)}",
        traceparent=_continue(headers.get("traceparent", ""), chance[16:].hex()),
    )


def _continue(traceparent: str, chance: str) -> str:
    """Return a span of our own in the caller's trace, or in a new one where the header says nothing valid.

    `chance` are 24 random bytes in hexadecimal digits.
    """
    found = _TRACEPARENT.fullmatch(traceparent)
    trace, flags = (found[1], found[3]) if found and not _ZEROS & {found[1], found[2]} else (chance[:32], "00")
    return f"00-{trace}-{chance[32:]}-{flags}"
