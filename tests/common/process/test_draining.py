"""A process that leaves: not ready at once, answering to the end, keeping no connection, and gone in bounded time."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import httpx
from fastapi import FastAPI
from sqlalchemy import MetaData

from common.process.application import create_worker_app
from common.process.http.draining import DrainingServer
from common.process.http.protocol import ServingConfig
from common.service import Service
from common.storage.records import records
from common.wire import WireSettings

NOTICE = 0.5
DEADLINE = 20


class Slow:
    """An application with one route that answers when it is allowed to."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.app = FastAPI()
        self.app.state.leaving = False

        @self.app.get("/slow")
        async def slow() -> str:
            self.begun.set()
            await self.may_end.wait()
            return "done"

        @self.app.get("/quick")
        async def quick() -> bool:
            return bool(self.app.state.leaving)


class Served:
    """The application behind a port, and the task that serves it."""

    def __init__(self, server: DrainingServer, serving: asyncio.Task[None], url: str) -> None:
        self.server = server
        self.serving = serving
        self.url = url

    async def leave(self) -> None:
        """Have it leave as at SIGTERM, until it has given notice."""
        self.server.should_exit = True
        async with asyncio.timeout(DEADLINE), httpx.AsyncClient(base_url=self.url) as client:
            while not (await client.get("/quick")).json():  # noqa: ASYNC110 -- uvicorn has no event for it
                await asyncio.sleep(0)


@asynccontextmanager
async def served(app: FastAPI, *, notice: float = NOTICE, drain: int = DEADLINE) -> AsyncIterator[Served]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = ServingConfig(app, WireSettings(), drain_seconds=drain)
    server = DrainingServer(config, app, notice=notice)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield Served(server, serving, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        async with asyncio.timeout(DEADLINE):
            await serving


async def test_a_process_that_leaves_says_so_and_still_answers_on_connections_that_it_does_not_keep() -> None:
    async with served(Slow().app, notice=2) as one, httpx.AsyncClient(base_url=one.url) as client:
        assert "connection" not in (await client.get("/quick")).headers

        await one.leave()

        answers = [await client.get("/quick") for _ in range(3)]
        assert [(answer.json(), answer.headers["connection"]) for answer in answers] == [(True, "close")] * 3


async def test_a_request_that_was_begun_is_answered_and_nobody_new_is_let_in() -> None:
    slow = Slow()
    async with served(slow.app) as one, httpx.AsyncClient(base_url=one.url) as client:
        asked = asyncio.create_task(client.get("/slow"))
        await slow.begun.wait()
        await one.leave()
        async with asyncio.timeout(DEADLINE):
            while await lets_in(one.url):  # noqa: ASYNC110 -- nor for this
                await asyncio.sleep(0)
        assert not one.serving.done()

        slow.may_end.set()

        assert ((await asked).json(), (await asked).headers["connection"]) == ("done", "close")


async def test_a_request_that_does_not_end_is_given_up_after_the_drain() -> None:
    slow = Slow()
    async with served(slow.app, notice=0, drain=1) as one, httpx.AsyncClient(base_url=one.url) as client:
        asked = asyncio.create_task(client.get("/slow"))
        await slow.begun.wait()

        one.server.should_exit = True
        async with asyncio.timeout(DEADLINE / 2):
            await one.serving

        assert (await asked).status_code == 500


async def lets_in(url: str) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            await client.get(f"{url}/quick")
    except httpx.TransportError:
        return False
    return True


async def test_a_service_that_leaves_is_not_ready_before_anything_else_is_asked() -> None:
    metadata = MetaData()
    service = Service(name="leaving", package="leaving", metadata=metadata, records=records(metadata), routers=[])
    app = create_worker_app(service, nothing)
    app.state.leaving = True

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        ready, alive = await client.get("/readyz"), await client.get("/livez")

    assert (ready.status_code, ready.json()["reason"]) == (503, "the process is leaving")
    assert alive.status_code == 200


def nothing() -> NoReturn:
    raise AssertionError("nothing is opened for this")
