"""A service's own processes, as the distributed shape starts them; every wait has a deadline."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

START_SECONDS = 60
STOP_SECONDS = 30
LOOK_SECONDS = 0.05


class Started:
    """One `python -m <service>_service <task>` that serves."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, said: Path) -> None:
        self._process = process
        self._said = said
        self.url = url

    async def await_ready(self) -> None:
        """Wait until `/readyz` says so. Raises AssertionError with what the process said, and TimeoutError."""
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as http:
            while True:
                assert self._process.poll() is None, self.output
                with suppress(httpx.TransportError):
                    if (await http.get(f"{self.url}/readyz")).status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Ask it to end by SIGTERM and wait; a process that does not is killed and fails the test."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        finally:
            self._process.kill()
            self._process.wait(STOP_SECONDS)

    @property
    def output(self) -> str:
        """What it wrote."""
        return self._said.read_text("utf-8", "replace")


@contextmanager
def started(service: str, task: str, environ: Mapping[str, str], folder: Path) -> Iterator[Started]:
    """Start a task of a service on a free port, which is not ready yet; it is stopped when the block ends."""
    port, said = free_port(), folder / f"{service}-{task}.log"
    whole = {**os.environ, **environ, "MINGPAI_PORT": str(port)}
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own module
            [sys.executable, "-m", f"{service}_service", task], env=whole, stdout=output, stderr=output, cwd=folder
        )
    one = Started(process, f"http://127.0.0.1:{port}", said)
    try:
        yield one
    finally:
        one.stop()


def ran(service: str, task: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a task of a service to its end."""
    return python_ran("-m", f"{service}_service", task, environ=environ)


def python_ran(*arguments: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments to its end."""
    command, whole = [sys.executable, *arguments], {**os.environ, **environ}
    return subprocess.run(  # noqa: S603 -- our own module or program
        command, check=False, env=whole, capture_output=True, text=True, timeout=START_SECONDS
    )


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
