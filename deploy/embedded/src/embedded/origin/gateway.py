"""Four services behind one port: a request is passed to the application that owns its first noun.

The table is made from the nouns that each part declares; a noun of two parts is an error at start. While a part is
down, only requests for its own nouns are answered with 503.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Protocol

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from common.web.audit import PATH as AUDIT, owner_of
from embedded.origin.child import FIRST_PAUSE, Child
from embedded.origin.health import State, health_routes


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

    @property
    def prefixes(self) -> Collection[str]:
        """The prefixes of the ids that it gives, by which the audit is asked."""


class Gateway:
    """The one ASGI application of the embedded shape.

    `sites` are the applications of the launcher itself by first segment (`oauth`, `mailbox`, or `v1/demo`); every other
    request that no service owns is passed to `front`.
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
        self._table: dict[str, Child | FastAPI] = dict(sites or {})
        for part in parts:
            for noun in part.nouns:
                if f"v1/{noun}" in self._table:
                    raise ValueError(f"two parts own /v1/{noun}, one of them {part.name}")
                self._table[f"v1/{noun}"] = self.children[part.name]
        self._prefixes = {part.name: part.prefixes for part in parts}
        _check_apart(self._prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the ASGI protocol: one lifespan for all parts; each request is passed on by its noun."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["path"] == AUDIT and self.children:
            owner = owner_of(scope["query_string"].decode("latin-1"), self._prefixes)
            await self.children[owner](scope, receive, send)
            return
        await self._table.get(first_noun(scope["path"]), self._front)(scope, receive, send)

    @property
    def applications(self) -> Sequence[FastAPI]:
        """The applications behind the port: of the services, of the launcher itself, and the pages."""
        owners = [one.app if isinstance(one, Child) else one for one in self._table.values()]
        return tuple(dict.fromkeys([*owners, self._front]))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep all lifespans open until the block ends; a service that fails to start does not stop the others."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._front.router.lifespan_context(self._front))
            for child in self.children.values():
                stack.push_async_callback(child.stop)
                await child.start()
            yield

    async def readiness(self) -> dict[str, State]:
        """Return the state of each part."""
        return {name: await child.state() for name, child in self.children.items()}

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with self.running():
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except Exception as error:  # reported to the server in the ASGI protocol, then raised
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.shutdown.complete"})


def _check_apart(prefixes: Mapping[str, Collection[str]]) -> None:
    """Raise ValueError when two parts give ids with the same prefix."""
    seen: dict[str, str] = {}
    for name, known in prefixes.items():
        for prefix in known:
            if seen.setdefault(prefix, name) != name:
                raise ValueError(f"two parts give ids that begin with {prefix}_: {seen[prefix]} and {name}")


def first_noun(path: str) -> str:
    """Return the part of a path by which requests are routed: its first segment, or `v1/` and the second."""
    first, second = ([*path.split("/"), "", ""])[1:3]
    return f"v1/{second}" if first == "v1" and second else first
