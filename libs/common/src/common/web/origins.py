"""Front ends of other origins: which may call (CORS), what they may send, and what of an answer they may read."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

EVERY: Final = ("*",)
TAKEN: Final = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Accept-Language")
SHOWN: Final = (
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
    """Let browsers hand the application's answers to these origins, refusals among them; `*` stands for all."""
    app.add_middleware(CORSMiddleware, **_fields(origins))


def readable(refusal: ASGIApp) -> ASGIApp:
    """Return what refuses on a service's behalf, readable from any origin: nobody knows now which it admits."""
    return CORSMiddleware(refusal, **_fields(EVERY))


def _fields(origins: Sequence[str]) -> dict[str, Any]:
    return {
        "allow_origins": origins,
        "allow_methods": ["GET", "POST", "PUT", "DELETE"],
        "allow_headers": TAKEN,
        "expose_headers": SHOWN,
    }
