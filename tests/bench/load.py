"""The load: raw HTTP/1.1 over kept connections, so that the client is never what is measured.

Requests are bytes made beforehand and answers are only counted; an answer that is no 2xx ends the run with its text.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Final, cast

CONNECTIONS: Final = 8
SECONDS: Final = 120.0
_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length: "


class RefusedUnderLoad(Exception):  # noqa: N818 -- says what happened
    """A server answered a request of the load with something else than a 2xx."""


def request(method: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a request without a body."""
    given = {"Host": "127.0.0.1"} | dict(headers or {}) | ({"Content-Length": "0"} if method == "POST" else {})
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join(lines).encode() + _END


class _Connection(asyncio.Protocol):
    """Sends the next waiting request as soon as the last one is answered."""

    def __init__(self, waiting: "deque[bytes]", done: "asyncio.Future[None]") -> None:
        self._waiting = waiting
        self._done = done
        self._seen = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods only

    def send_next(self) -> None:
        assert self._transport is not None
        if self._waiting:
            self._transport.write(self._waiting.popleft())
        elif not self._done.done():
            self._done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head = self._seen.find(_END)
        if head < 0:
            return
        at = self._seen.find(_LENGTH, 0, head)
        length = int(self._seen[at + len(_LENGTH) : self._seen.index(b"\r", at)]) if at >= 0 else 0
        if len(self._seen) < head + len(_END) + length:
            return
        answer, self._seen = self._seen, b""
        if answer[9:10] == b"2":
            self.send_next()
        elif not self._done.done():
            self._done.set_exception(RefusedUnderLoad(answer.decode(errors="replace")))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionResetError("the server closed the connection"))


async def rate(port: int, requests: Iterable[bytes], *, connections: int = CONNECTIONS) -> float:
    """Send all requests over so many connections, each one at a time; returns answers per second.

    Raises RefusedUnderLoad, OSError or TimeoutError.
    """
    loop = asyncio.get_running_loop()
    waiting = deque(requests)
    count = len(waiting)
    made = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        transport, protocol = await loop.create_connection(
            lambda done=done: _Connection(waiting, done),  # type: ignore[misc]  # mypy infers no lambda with a default
            "127.0.0.1",
            port,
        )
        made.append((transport, protocol, done))
    began = perf_counter()
    try:
        for _, protocol, _ in made:
            protocol.send_next()
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*(done for _, _, done in made))
        return count / (perf_counter() - began)
    finally:
        for transport, _, done in made:
            done.cancel()
            transport.abort()
