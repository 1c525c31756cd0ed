"""Four writers at once on one service: every command either does what it says or is truthfully refused.

A refusal is truthful when it is one that the test names, and when the same request, sent again alone, gets it too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from common.service import Service
from support.service.alone import Alone

WRITERS: Final = 4

Send = Callable[[], Awaitable[httpx.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A route, how its requests are prepared, how many are stored, and the code of the refusal that the others get."""

    route: str
    prepare: Callable[[Alone], Awaitable[Sequence[Send]]]
    stored: int = WRITERS
    refused: str | None = None

    def __str__(self) -> str:
        return f"{self.route} ({self.refused or 'all stored'})"


def post(service: Alone, path: str, body: object = None, *, who: str) -> Send:
    """Return a POST that is sent when it is called, each time under a fresh Idempotency-Key."""
    return lambda: service.send("POST", path, body, who=who)


def same(send: Send) -> list[Send]:
    """Return four times the same request."""
    return [send] * WRITERS


ASKING: Final = frozenset({"POST /v1/applications/{application_id}/checks"})
"""Routes that answer a question and store nothing."""


def routes(service: Service) -> set[str]:
    """Return every route of a service that creates something, as `POST /v1/…`."""
    posts = (row for router in service.routers for row in router.access if row.method == "POST")
    return {f"POST {row.path}" for row in posts} - ASKING


async def run(race: Race, service: Alone) -> list[dict[str, Any]]:
    """Prepare, send all at once, and check who was stored; returns the answers to those that were."""
    sends = await race.prepare(service)
    answers = await asyncio.gather(*(send() for send in sends))
    stored = [one for one in answers if one.status_code == 201]
    refused = [(send, one) for send, one in zip(sends, answers, strict=True) if one not in stored]
    assert [one.text for _, one in refused if one.json()["code"] != race.refused] == []
    assert len(stored) == race.stored
    for send, one in refused:
        again = await send()
        assert (again.status_code, again.json()["code"]) == (one.status_code, race.refused)
        assert one.json()["retryable"] is False
    return [one.json() for one in stored]
