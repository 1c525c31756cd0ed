"""A steady load that forgives nothing: so many requests a second whatever becomes of them, none sent twice.

A request is due at its instant and is late from then on, so a platform that does not answer gets as many requests.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from time import perf_counter
from typing import Any, Final, TypeAlias

import httpx

from support.service.waiting import let_pass

CONNECTIONS: Final = 200

Sending: TypeAlias = Callable[[], Coroutine[Any, Any, object]]
"""Sends one request; what it raises of the transport is the transport's to note."""


class Counting(httpx.AsyncBaseTransport):
    """Sends each request once, and notes what failed and the address of every acknowledged creation.

    Failed is what has no answer, and every answer that is no 2xx.
    """

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=CONNECTIONS))
        self.count = 0
        self.failed: list[str] = []
        self.acknowledged: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it and note how it went. Raises what the connection raises."""
        self.count += 1
        what = f"{request.method} {request.url.path}"
        try:
            response = await self._inner.handle_async_request(request)
            await response.aread()
        except httpx.TransportError as error:
            self.failed.append(f"{what}: {error!r}")
            raise
        if not response.is_success:
            self.failed.append(f"{what}: {response.status_code} {response.text[:300]}")
        elif response.headers.get("location", "").rpartition("/")[0] == request.url.path:  # it made something new
            self.acknowledged.append(response.headers["location"])
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


async def send_steadily(requests: Iterator[Sending], *, per_second: float, enough: Callable[[], bool]) -> list[float]:
    """Begin one request after the other at its instant until it is enough; returns seconds from due to answered."""
    took: list[float] = []

    async def send(one: Sending, due: float) -> None:
        try:
            await one()
        except httpx.TransportError:
            return
        took.append(perf_counter() - due)

    began, number = perf_counter(), 0
    async with asyncio.TaskGroup() as tasks:
        while not enough():
            due = began + number / per_second
            await let_pass(max(due - perf_counter(), 0))
            tasks.create_task(send(next(requests), due))
            number += 1
    return took


def percentile(seconds: list[float], share: float) -> float:
    """Return what this share of them does not exceed."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)]
