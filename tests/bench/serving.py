"""Servers as processes of their own, one worker each: the product's applications, and the bare parts beside them."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from bench.places import Place
from embedded.issuer.keys import SigningKey

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 0.05
ISSUER: Final = "http://127.0.0.1:1"
TESTS: Final = Path(__file__).parents[1]


class Server(NamedTuple):
    """A process that serves."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """Return what it has used of the processors so far, in user and kernel."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def serving(kind: str, place: Place, key: SigningKey, *, profile: bool = False) -> AsyncIterator[Server]:
    """Run one server of `bench.serve` until the block ends. Raises TimeoutError or ChildProcessError.

    With `profile` it writes where its time went to `profile.txt` in the place's folder.
    """
    (place.folder / "jwks.json").write_text(json.dumps(key.jwks()))
    port = _free_port()
    command = [sys.executable, "-m", "bench.serve", kind, str(port), place.url, str(place.folder)]
    environ = dict(os.environ) | {"PYTHONPATH": str(TESTS)} | ({"BENCH_PROFILE": "1"} if profile else {})
    with (place.folder / f"{kind}.log").open("ab") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)  # noqa: ASYNC220, S603 -- our own module
    try:
        await _ready(process, port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.to_thread(process.wait, STOP_SECONDS)


async def _ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            if process.poll() is not None:
                raise ChildProcessError(f"the server ended with status {process.returncode}: see its log")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            writer.close()
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
