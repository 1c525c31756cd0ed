"""A real browser (Debian's chromium), the real platform on a port of its own, and a front end on another origin."""

import asyncio
import functools
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from common.process.http.protocol import ServingConfig
from common.process.http.serving import Server
from common.settings import Profile
from embedded.demo.people import load_demo
from embedded.journey import stages
from embedded.journey.player import Player
from embedded.launcher import Start, assembled

FRONT_END = Path(__file__).parents[2] / "examples" / "front-end"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 30


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Player]:
    """The platform served over HTTP, with its province set up; gives a player at its address."""
    environ = {"MINGPAI_RATE_LIMIT": "1000000/minute"}
    start = Start(port=0, data=tmp_path, profile=Profile.DEMO, environ=environ)
    async with assembled(start) as (assembly, listening):
        server = Server(ServingConfig(assembly.gateway, assembly.place.wire, drain_seconds=1))
        serving = asyncio.create_task(server._serve([listening]))  # noqa: SLF001 -- `serve` would take pytest's signals
        async with httpx.AsyncClient(base_url=assembly.place.url) as client:
            async with asyncio.timeout(START_SECONDS):
                while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
                    await asyncio.sleep(0.01)
            player = Player(client, load_demo(), story="browser", report=lambda _: None)
            await stages.set_up_province(player)
            yield player
        server.should_exit = True
        await serving


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the standard library's name
        """Write no line per request."""


@pytest.fixture
def front_end() -> Iterator[str]:
    """The example front end on an origin of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(FRONT_END)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's chromium; skipped where there is none."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        yield launched
        await launched.close()
