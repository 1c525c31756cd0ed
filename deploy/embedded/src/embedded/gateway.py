"""Four services behind one port: a request goes to the application that owns its first noun.

The table is made from what each part says it owns; a noun owned twice is an error at start. A part that is down answers
503 for its own nouns and for nothing else.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Protocol

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from embedded.child import FIRST_PAUSE, Child
from embedded.contract import contract_routes
from embedded.health import health_routes


class Part(Protocol):
    """A service as the gateway sees it: its name, its application and the nouns it owns under `/v1`."""

    @property
    def name(self) -> str:
        """The service's name, as in `/openapi/<name>.json`."""

    @property
    def app(self) -> FastAPI:
        """The application with its lifespan."""

    @property
    def nouns(self) -> Collection[str]:
        """The first path segments under `/v1`."""


class Gateway:
    """The one ASGI application of the embedded shape.

    `sites` are the applications of the launcher itself by first segment (`oauth`, `mailbox`, or `v1/demo`); whatever
    nobody owns goes to `front`.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        front: FastAPI,
        sites: Mapping[str, FastAPI] | None = None,
        first_pause: timedelta = FIRST_PAUSE,
    ) -> None:
        self.parts = tuple(parts)
        self.children = {part.name: Child(part.name, part.app, first_pause=first_pause) for part in parts}
        self._front = front
        front.include_router(health_routes(self.readiness))
        front.include_router(contract_routes(self.parts))
        self._table: dict[str, Child | FastAPI] = dict(sites or {})
        for part in parts:
            for noun in part.nouns:
                if f"v1/{noun}" in self._table:
                    raise ValueError(f"two parts own /v1/{noun}, one of them {part.name}")
                self._table[f"v1/{noun}"] = self.children[part.name]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the ASGI protocol: the lifespan of all, requests by noun."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        await self._table.get(first_noun(scope["path"]), self._front)(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep every part's lifespan open until the block ends; a part that fails to start does not stop the others."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._front.router.lifespan_context(self._front))
            for child in self.children.values():
                stack.push_async_callback(child.stop)
                await child.start()
            yield

    async def readiness(self) -> dict[str, str | None]:
        """Return for each part None when it is ready, else why not."""
        return {name: await child.why_not_ready() for name, child in self.children.items()}

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with self.running():
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except Exception as error:  # the server is told in its own protocol, and then it goes on up
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.shutdown.complete"})


def first_noun(path: str) -> str:
    """Return what decides where a request goes: the first segment, under `/v1` together with the second."""
    first, second = ([*path.split("/"), "", ""])[1:3]
    return f"v1/{second}" if first == "v1" and second else first
