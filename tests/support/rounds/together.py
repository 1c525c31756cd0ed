"""The four services whole, in one process over one bus, where nothing runs unless the test runs it.

The clocks, the ids and the order of everything are the test's own, so that a round that was played once is played again
by its seed. Ids increase from 1: they sort by the time they were made, as real ones do.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from common.messaging.consumer.runner import Consumer
from common.messaging.embedded.log import open_bus
from common.messaging.relay.runner import Relay
from common.messaging.topics import TOPICS
from common.observability.instruments import Instruments
from common.process.application import create_app
from common.process.running import file_store, running
from common.process.worker import groups
from common.runtime import Ports, Runtime
from common.service import Service
from common.settings import Settings
from embedded.origin.parts import SERVICES
from support.service.alone import Hands, PlainTokens
from support.service.databases import put_migrated

NOUNS: Final = {noun: service.name for service in SERVICES for noun in service.nouns}
"""The service of each noun, as the gateway finds it."""
SENDING: Final = frozenset({"notifications"})
"""The services whose jobs only send what is stored to the outside."""


@dataclass
class Part:
    """One service of the platform with what its worker would run."""

    service: Service
    runtime: Runtime
    client: httpx.AsyncClient
    relay: Relay
    consumers: list[Consumer] = field(default_factory=list)


class Together:
    """The platform: requests go to the service of their noun, and events travel when the test says so."""

    def __init__(self, legal: Hands) -> None:
        self.legal = legal
        self.parts: dict[str, Part] = {}
        self._keys = count(1)

    async def send(self, path: str, who: str, body: object = None, *, version: int | None = None) -> httpx.Response:
        """Send a POST with a fresh key as somebody, or with a version a PUT."""
        headers = self._headers(who) if version is None else {"Authorization": f"Bearer {who}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        method = "POST" if version is None else "PUT"
        return await self._client(path).request(method, path, json=body, headers=headers)

    async def upload(self, path: str, who: str, content: bytes, form: Mapping[str, str]) -> httpx.Response:
        """Send a file as a form."""
        files = {"file": ("扫描件.pdf", content, "application/pdf")}
        return await self._client(path).post(path, data=dict(form), files=files, headers=self._headers(who))

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {who}", "Idempotency-Key": f"key-{next(self._keys)}"}

    def _client(self, path: str) -> httpx.AsyncClient:
        return self.parts[NOUNS[path.split("/")[2]]].client

    async def rows(self, service: str, table: str) -> list[dict[str, Any]]:
        """Return every row of a table of a service, by id."""
        part = self.parts[service]
        columns = part.service.metadata.tables[table]
        async with part.runtime.storage.database.read() as connection:
            found = await connection.execute(select(columns))
            rows = [dict(row) for row in found.mappings()]
        return sorted(rows, key=lambda row: str(row.get("id", "")))

    async def settle(self) -> None:
        """Publish and consume until nothing is on its way."""
        moved = True
        while moved:
            moved = False
            for part in self.parts.values():
                while (await part.relay.once()).selected:
                    moved = True
            while moved and await self._consume():
                pass  # what one group learns releases keys of another

    async def _consume(self) -> int:
        return sum([await one.drain() for part in self.parts.values() for one in part.consumers])

    async def run_jobs(self) -> None:
        """Let every job of the services do what is due now, and its events arrive."""
        for part in self.parts.values():
            for job in part.service.jobs if part.service.name not in SENDING else ():
                while await job.run(part.runtime):
                    pass
        await self.settle()


def _ids() -> Callable[[str | None], str]:
    numbers: Iterator[int] = count(1)

    def new(prefix: str | None) -> str:
        number = next(numbers)
        bare = f"{number >> 16:08x}-{number & 0xFFFF:04x}-7000-8000-000000000000"
        return bare if prefix is None else f"{prefix}_{bare}"

    return new


@dataclass
class Houses:
    """The services' applications, made once, with the folder that is emptied for each round."""

    folder: Path
    services: Sequence[Service] = SERVICES
    ports: dict[str, Ports] = field(default_factory=dict)
    apps: dict[str, FastAPI] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the application of each service."""
        for service in self.services:
            self.apps[service.name] = self._app(service)

    def settings(self, service: Service) -> Settings:
        """Return a service's settings."""
        environ = {
            "MINGPAI_DATA": str(self.folder),
            "MINGPAI_DATABASE_URL": f"sqlite:///{self.folder}/{service.name}.db",
            "MINGPAI_RATE_LIMIT": "1000000/minute",
        }
        return Settings.for_service(service.name, environ)

    def _app(self, service: Service) -> FastAPI:
        settings = self.settings(service)
        return create_app(
            service,
            settings,
            lambda: running(service, settings, self.ports[service.name], working=False, migrating=True),
        )

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[Together]:
        """Run the platform on empty databases, from the test's first instant."""
        for old in sorted(self.folder.glob("*.db*")):
            old.unlink()
        legal, system, ids = Hands(), Hands(), _ids()
        together = Together(legal)
        async with AsyncExitStack() as stack:
            bus = await open_bus(self.folder / "bus.db", dict.fromkeys(TOPICS, 1))
            stack.push_async_callback(bus.close)
            for service in self.services:
                settings = self.settings(service)
                self.ports[service.name] = Ports(
                    bus=bus,
                    verifier=PlainTokens(),
                    files=file_store(service, settings),
                    instruments=Instruments(legal=legal, system=system, ids=ids),
                )
                await put_migrated(settings.database_url, service)
                app = self.apps[service.name]
                await stack.enter_async_context(app.router.lifespan_context(app))
                transport = httpx.ASGITransport(app=app)
                client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://test"))
                runtime: Runtime = app.state.runtime
                part = Part(service, runtime, client, Relay(runtime.storage, bus))
                part.consumers = [Consumer(runtime.storage, bus, one) for one in groups(service, runtime)]
                for consumer in part.consumers:
                    await consumer.join()
                    stack.push_async_callback(consumer.leave)
                together.parts[service.name] = part
            yield together
