"""A client's transport that never gives up: it outlives kills and outages, and notes what was acknowledged."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Final

import httpx

PATIENCE_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 0.05
NO_WRITES: Final = ("/oauth/token", "/v1/demo/clock")
"""What is sent by POST and changes nothing that a service keeps."""


class Insisting(httpx.AsyncBaseTransport):
    """Sends each request again until it is answered with something else than a 503.

    `when_broken` is awaited after a broken connection, to start the platform again, or to wait until it was started.
    Keeps the address of every acknowledged creation and the id of every acknowledged write, so that a checker can ask
    for all of them in the end, and counts the broken connections. A request keeps its id when it is sent again.
    """

    def __init__(self, when_broken: Callable[[], Awaitable[None]]) -> None:
        self._when_broken = when_broken
        self._inner = httpx.AsyncHTTPTransport()
        self.acknowledged: list[str] = []
        self.requests: list[str] = []
        self.breaks = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, over a new connection after each broken one. Raises TimeoutError in the end."""
        content = await request.aread()
        named = f"req_{uuid.uuid4()}"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                headers = {**request.headers, "Request-Id": named}
                again = httpx.Request(request.method, request.url, headers=headers, content=content)
                try:
                    response = await self._inner.handle_async_request(again)
                    await response.aread()
                except httpx.TransportError:
                    self.breaks += 1
                    await self._inner.aclose()
                    self._inner = httpx.AsyncHTTPTransport()
                    await self._when_broken()
                    continue
                if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                await asyncio.sleep(LOOK_SECONDS)
        if response.is_success and request.method != "GET" and request.url.path not in NO_WRITES:
            self.requests.append(named)
            self.acknowledged += [response.headers["location"]] if "location" in response.headers else []
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
