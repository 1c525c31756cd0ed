"""The front of the distributed shape serves the pages, the documents and the demo's sites.

The services run in processes of their own. The gateway sends a request for a service's noun to that service, and every
other request to the front. A service that is down is reported as not ready; the others are not affected.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from common.process.application import create_app
from common.settings import Settings
from embedded.origin.gateway import first_noun
from embedded.origin.health import READY, State, health_routes, not_ready, state_of
from embedded.origin.parts import SERVICES

READY_WITHIN: Final = 2.0


class UnusableAddressesError(Exception):
    """The addresses name an unknown service, or name no api process for one of the services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A service that runs in other processes: `app` only makes its documents; `apis` and `workers` are addresses."""

    name: str
    app: FastAPI
    nouns: tuple[str, ...]
    apis: tuple[str, ...]
    workers: tuple[str, ...]


class Front:
    """The ASGI application of the front; `sites` are the demo's sites by the first segment of their paths."""

    def __init__(
        self, parts: Sequence[Remote], *, client: httpx.AsyncClient, front: FastAPI, sites: Mapping[str, FastAPI]
    ) -> None:
        self.parts = tuple(parts)
        self._client = client
        self._front = front
        self._sites = dict(sites)
        front.include_router(health_routes(self.readiness))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the demo's site at its first path segment, or else to the pages and documents."""
        await self._sites.get(first_noun(scope["path"]), self._front)(scope, receive, send)

    async def readiness(self) -> dict[str, State]:
        """Return the state of each service; it needs at least one api and one worker that serve."""
        states = await asyncio.gather(*(self._state(part) for part in self.parts))
        return dict(zip((part.name for part in self.parts), states, strict=True))

    async def _state(self, part: Remote) -> State:
        apis, workers = await asyncio.gather(self._best(part.apis), self._best(part.workers))
        reasons = [f"{kind}: {state.reason}" for kind, state in (("api", apis), ("worker", workers)) if state.reason]
        return State(serves=apis.serves and workers.serves, reason=", ".join(reasons) or None)

    async def _best(self, addresses: Sequence[str]) -> State:
        """Return READY when one of the processes is ready, otherwise what is wrong with each of them."""
        found = await asyncio.gather(*(self._ask(address) for address in addresses))
        if READY in found:
            return READY
        wrong = "; ".join(str(state) for state in found)
        return State(serves=any(state.serves for state in found), reason=wrong or "no process")

    async def _ask(self, address: str) -> State:
        try:
            async with asyncio.timeout(READY_WITHIN):
                state = state_of(await self._client.get(f"{address}/readyz"))
        except TimeoutError:
            return not_ready(f"{address}/readyz does not answer within {READY_WITHIN:.0f} s")
        except httpx.HTTPError:
            return not_ready(f"{address} does not answer")
        if state.serves:
            return state if state.reason is None else State(serves=True, reason=f"{address} is {state.reason}")
        return not_ready(f"{address}{state.reason}")


def remote_parts(
    settings: Settings, *, apis: Mapping[str, Sequence[str]], workers: Mapping[str, Sequence[str]]
) -> list[Remote]:
    """Return the four services at these addresses. Raises UnusableAddressesError."""
    known = {service.name for service in SERVICES}
    if unknown := (apis.keys() | workers.keys()) - known:
        raise UnusableAddressesError(f"no such service: {', '.join(sorted(unknown))}")
    if missing := known - apis.keys():
        raise UnusableAddressesError(f"no api is named for: {', '.join(sorted(missing))}")
    return [
        Remote(
            name=service.name,
            app=create_app(service, settings, _elsewhere),
            nouns=service.nouns,
            apis=tuple(apis[service.name]),
            workers=tuple(workers.get(service.name, ())),
        )
        for service in SERVICES
    ]


def _elsewhere() -> NoReturn:
    """Refuse to open a service: this process only makes its documents."""
    raise RuntimeError("this service runs elsewhere")
