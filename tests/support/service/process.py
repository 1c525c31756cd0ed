"""The real platform as a process of its own, to be killed and started again; every wait has a deadline."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx

START_SECONDS: Final = 150.0
STOP_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.05


class PlatformProcess:
    """One platform on one port and data directory; counts how often it was killed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, *, failpoint: str | None = None) -> None:
        """Start it and wait until it is ready, or has died of its failpoint on the way."""
        environ = dict(os.environ) | {"MINGPAI_RATE_LIMIT": "1000000/minute", "MINGPAI_LOG_LEVEL": "ERROR"}
        environ |= {} if failpoint is None else {"MINGPAI_FAILPOINT": failpoint}
        command = [sys.executable, "-m", "embedded", "run", "--port", str(self.port), "--data", str(self.data)]
        with (self.data / "process.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603 -- forking takes no time; our own module
                [*command, "--no-journey"], env=environ, stdout=log, stderr=log
            )
        self.starts += 1
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(base_url=self.url) as client:
            while self.alive and not await _ready(client):  # noqa: ASYNC110 -- another process has no event of ours
                await asyncio.sleep(LOOK_SECONDS)

    @property
    def pid(self) -> int:
        """Return the id of the process that was started last."""
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.poll() is None

    async def kill(self) -> None:
        """Kill it as a power failure would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, as Ctrl-C does."""
        await self._end(signal.SIGINT)

    async def back(self) -> None:
        """Wait until it was started again and is ready."""
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(base_url=self.url) as client:
            while not await _ready(client):  # noqa: ASYNC110 -- another process has no event of ours
                await asyncio.sleep(LOOK_SECONDS)

    async def _end(self, by: signal.Signals) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(by)
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)

    async def revive(self) -> None:
        """Wait until a dying process has ended and start it again without a failpoint."""
        await self._end(signal.SIGKILL)
        await self.start()


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).is_success
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
