"""Front ends of other origins (CORS): the allowed origins, the headers they may send and those they may read."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

EVERY: Final = ("*",)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE")
TAKEN: Final = (
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Range",
    "Request-Id",
    "baggage",
    "traceparent",
    "tracestate",
    "Prefer",
    "X-Requested-With",
)
"""What our API reads, and what libraries of front ends add by themselves (tracing, `X-Requested-With`, `Prefer`)."""
SHOWN: Final = (
    "Content-Disposition",
    "ETag",
    "Location",
    "Link",
    "Request-Id",
    "Idempotent-Replayed",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
)


def admit(app: FastAPI, origins: Sequence[str]) -> None:
    """Allow pages of these origins to read the application's answers, refusals included; `*` means every origin."""
    app.add_middleware(CORSMiddleware, **_fields(origins))


def readable(refusal: ASGIApp) -> ASGIApp:
    """Make refusals sent instead of a service's answer readable from any origin: its allowed origins are unknown."""
    return CORSMiddleware(refusal, **_fields(EVERY))


def _fields(origins: Sequence[str]) -> dict[str, Any]:
    return {
        "allow_origins": origins,
        "allow_methods": METHODS,
        "allow_headers": TAKEN,
        "expose_headers": SHOWN,
    }
