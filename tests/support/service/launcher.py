"""What the launcher's tests share: a clock that the test moves, a client of an application, a look into a token."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
from fastapi import FastAPI

ISSUER: Final = "http://127.0.0.1:8000"


class HandClock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """Return a client that calls the application in this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ISSUER)


def token_part(token: str, index: int) -> dict[str, object]:
    """Return the header (0) or the claims (1) of a token, unverified."""
    raw = token.split(".")[index]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    return found
