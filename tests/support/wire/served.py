"""An application behind one of our servers, in this process, and raw connections to it; every wait has a deadline."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from starlette.types import ASGIApp

from common.process.http.protocol import ServingConfig
from common.process.http.serving import Server
from common.wire import WireSettings
from support.service.waiting import eventually

DEADLINE = 15


@dataclass(frozen=True)
class Served:
    """A running server and its port on loopback."""

    server: Server
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> int:
        """How many connections it holds."""
        return len(self.server.server_state.connections)


@asynccontextmanager
async def served(app: ASGIApp, wire: WireSettings | None = None) -> AsyncIterator[Served]:
    """Serve the application until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(ServingConfig(app, wire or WireSettings(), drain_seconds=1, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))

    async def started() -> bool:
        return server.started

    await eventually(started)
    try:
        yield Served(server, listening.getsockname()[1])
    finally:
        server.should_exit = True
        async with asyncio.timeout(DEADLINE):
            await serving


class Raw:
    """One connection on which a test writes what it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *parts: bytes) -> None:
        """Send the parts apart: the server has read each before the next is sent."""
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()
            for _ in range(20):
                await asyncio.sleep(0)

    async def answer(self) -> tuple[int, bytes]:
        """Return the next answer's status and body; it names its length."""
        async with asyncio.timeout(DEADLINE):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await self._reader.readexactly(int(fields.get("content-length", "0")))
        return int(head.split()[1]), body

    async def rest(self) -> bytes:
        """Return all that comes until the server closes. Raises TimeoutError when it does not."""
        async with asyncio.timeout(DEADLINE):
            with suppress(ConnectionError):
                return await self._reader.read()
        return b""

    def close(self) -> None:
        """Close it."""
        self._writer.close()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Raw]:
    """Open a connection until the block ends."""
    raw = Raw(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield raw
    finally:
        raw.close()
