"""The front of the distributed shape: the pages, documents and demo sites of one origin, over services elsewhere.

The gateway hands on to the services what is theirs; whatever nobody owns comes here. One service that is down is told
as such and takes nothing else with it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from common.application import create_app
from common.settings import Settings
from embedded.contract import contract_routes
from embedded.gateway import first_noun
from embedded.health import health_routes
from embedded.parts import SERVICES

READY_WITHIN: Final = 2.0


class UnusableAddressesError(Exception):
    """The addresses of the services' processes do not make a platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A service elsewhere: its documents made from its code, and the addresses of its processes."""

    name: str
    app: FastAPI
    nouns: tuple[str, ...]
    apis: tuple[str, ...]
    workers: tuple[str, ...]


class Front:
    """The ASGI application of the front; `sites` are the demo's own by first segment, as in the embedded shape."""

    def __init__(
        self, parts: Sequence[Remote], *, client: httpx.AsyncClient, front: FastAPI, sites: Mapping[str, FastAPI]
    ) -> None:
        self.parts = tuple(parts)
        self._client = client
        self._front = front
        self._sites = dict(sites)
        front.include_router(health_routes(self.readiness))
        front.include_router(contract_routes(self.parts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the ASGI protocol by the first noun."""
        await self._sites.get(first_noun(scope["path"]), self._front)(scope, receive, send)

    async def readiness(self) -> dict[str, str | None]:
        """Return for each service None when an api and a worker of it are ready, else why not."""
        reasons = await asyncio.gather(*(self._why_not_ready(part) for part in self.parts))
        return dict(zip((part.name for part in self.parts), reasons, strict=True))

    async def _why_not_ready(self, part: Remote) -> str | None:
        apis, workers = await asyncio.gather(self._none_ready(part.apis), self._none_ready(part.workers))
        reasons = [f"{kind}: {reason}" for kind, reason in (("api", apis), ("worker", workers)) if reason]
        return ", ".join(reasons) or None

    async def _none_ready(self, addresses: Sequence[str]) -> str | None:
        """Return None when one of the processes is ready, else what is wrong with each."""
        found = await asyncio.gather(*(self._ask(address) for address in addresses))
        wrong = [reason for reason in found if reason]
        return "; ".join(wrong) or "no process" if len(wrong) == len(found) else None

    async def _ask(self, address: str) -> str | None:
        try:
            async with asyncio.timeout(READY_WITHIN):
                status = (await self._client.get(f"{address}/readyz")).status_code
        except TimeoutError:
            return f"{address}/readyz does not answer within {READY_WITHIN:.0f} s"
        except httpx.HTTPError:
            return f"{address} does not answer"
        return None if status == httpx.codes.OK else f"{address}/readyz answers {status}"


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
    """Refuse to open a service here; only its documents are made in this process."""
    raise RuntimeError("this service runs elsewhere")
