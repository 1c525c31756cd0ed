"""Fifty clients that are slow or silent, before the platform as it runs: they end, and nobody else waits for them."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import httpx
import pytest

from support.service.process import PlatformProcess
from support.service.waiting import let_pass
from support.wire.served import Raw, connected

HEAD_SECONDS, BODY_SECONDS = 4.0, 6.0
LATEST = BODY_SECONDS + 9
"""Seconds after which all fifty are gone: the longest deadline, the pause between two looks, and a busy machine."""
SLOW = 50
READS = 300
TWICE = 2.0
BUSY_MACHINE_SECONDS = 0.03
"""What other work on the machine may add to the slowest reads."""

HEAD = b"GET /v1/brands HTTP/1.1\r\nHost: h\r\n"
POST = b"POST /v1/brands HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture
async def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PlatformProcess]:
    monkeypatch.setenv("MINGPAI_HEAD_SECONDS", str(HEAD_SECONDS))
    monkeypatch.setenv("MINGPAI_BODY_SECONDS", str(BODY_SECONDS))
    platform = PlatformProcess(tmp_path)
    await platform.start()
    yield platform
    await platform.stop()


async def p99(url: str) -> float:
    """Return the 99th percentile of reads, one after the other, in seconds."""
    taken = []
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        for _ in range(READS):
            begun = perf_counter()
            assert (await client.get("/v1/brands")).status_code == 200
            taken.append(perf_counter() - begun)
    return statistics.quantiles(taken, n=100)[98]


async def dripping(raw: Raw, first: bytes) -> None:
    """Send the beginning, then a byte each half second, until the server has closed."""
    try:
        await raw.send(first)
        while True:
            await let_pass(0.5)
            await raw.send(b"x")
    except ConnectionError:
        return


async def silent(raw: Raw) -> None:
    await raw.send(HEAD + b"\r\n")
    assert (await raw.answer())[0] == 200


WAYS: tuple[Callable[[Raw], Awaitable[None]], ...] = (
    lambda raw: dripping(raw, HEAD),
    lambda raw: dripping(raw, POST),
    silent,
)


async def test_fifty_slow_connections_end_by_their_deadlines_and_slow_nobody_down(platform: PlatformProcess) -> None:
    await p99(platform.url)  # the first reads load what later ones find loaded
    alone = await p99(platform.url)
    async with AsyncExitStack() as stack:
        raws = [await stack.enter_async_context(connected(platform.port)) for _ in range(SLOW)]
        begun = perf_counter()
        slow = [asyncio.ensure_future(WAYS[number % len(WAYS)](raw)) for number, raw in enumerate(raws)]
        ended: list[float] = []

        async def until_closed(raw: Raw) -> None:
            await raw.rest()
            ended.append(perf_counter() - begun)

        await asyncio.wait([one for number, one in enumerate(slow) if WAYS[number % len(WAYS)] is silent])
        closing = [asyncio.ensure_future(until_closed(raw)) for raw in raws]
        beside = await p99(platform.url)
        async with asyncio.timeout(LATEST + 5):
            await asyncio.gather(*closing, *slow)
    print(f"p99 alone {alone * 1e3:.1f} ms, beside {SLOW} slow {beside * 1e3:.1f} ms; all ended in {max(ended):.1f} s")  # noqa: T201 -- the figures are the point
    assert len(ended) == SLOW
    assert max(ended) <= LATEST
    assert beside <= TWICE * alone + BUSY_MACHINE_SECONDS
