"""Clients that are slow or silent, or too many: each ends by its deadline, and health checks are always answered."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from common.process.http import protocol
from common.process.http.protocol import SPARE, ServingProtocol
from common.web.site import Site
from common.wire import WireSettings
from support.service.waiting import eventually, let_pass
from support.wire.served import Raw, connected, served

WIRE = WireSettings(head_seconds=1.0, body_seconds=1.0, idle_seconds=3)
POST = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
EVERY = 0.2
LATEST = 8.0
"""Seconds within which all is over: the longest deadline, the second between two looks, and a busy machine."""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body's length."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def drip(raw: Raw, first: bytes, then: bytes) -> None:
    """Send something, then a byte now and again for ever."""
    await raw.send(first)
    while True:
        for byte in then:
            await let_pass(EVERY)
            await raw.send(bytes([byte]))


async def nothing(_: Raw) -> None:
    return


async def slow_head(raw: Raw) -> None:
    await drip(raw, b"GET / HTTP/1.1\r\n", b"X-A: b\r\n")


async def slow_body(raw: Raw) -> None:
    await drip(raw, POST, b"x")


async def slow_chunks(raw: Raw) -> None:
    await drip(raw, b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n")


async def blank_lines(raw: Raw) -> None:
    await drip(raw, b"\r\n", b"\r\n")


async def kept(raw: Raw) -> None:
    await raw.send(GET)
    assert await raw.answer() == (200, b"0")


async def kept_then_blank_line(raw: Raw) -> None:
    await kept(raw)
    await raw.send(b"\r\n")


async def kept_then_slow_head(raw: Raw) -> None:
    await kept(raw)
    await slow_head(raw)


async def slow_body_behind_an_offer(raw: Raw) -> None:
    await drip(raw, POST.replace(b"Host", b"Connection: Upgrade\r\nUpgrade: h2c\r\nHost"), b"x")


@pytest.mark.parametrize(
    "way",
    [
        nothing,
        slow_head,
        slow_body,
        slow_chunks,
        blank_lines,
        kept,
        kept_then_blank_line,
        kept_then_slow_head,
        slow_body_behind_an_offer,
    ],
)
async def test_a_slow_or_silent_connection_ends(way: Callable[[Raw], Coroutine[Any, Any, None]]) -> None:
    async with served(app, WIRE) as one, connected(one.port) as raw:
        doing = asyncio.create_task(way(raw))

        async def held() -> bool:
            return one.open == 1

        async def gone() -> bool:
            return one.open == 0

        try:
            await eventually(held)
            await eventually(gone, deadline=LATEST)
        finally:
            doing.cancel()
            await asyncio.wait([doing])


@pytest.mark.parametrize("leaves", [True, False])
async def test_a_client_that_leaves_or_is_late_in_its_body_is_no_error_of_ours(
    caplog: pytest.LogCaptureFixture,
    leaves: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    site = Site("reads")
    read = asyncio.Event()

    @site.post("/")
    async def whole(request: Request) -> str:
        read.set()
        return str(len(await request.body()))

    async with served(site, WIRE) as one, connected(one.port) as raw:
        await raw.send(POST)
        async with asyncio.timeout(LATEST):
            await read.wait()
        if leaves:
            raw.close()

        async def over() -> bool:
            return not one.server.server_state.tasks

        await eventually(over, deadline=LATEST)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_client_that_takes_no_byte_of_a_long_answer_ends() -> None:
    async def long(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("x" * 50_000_000)(scope, receive, send)

    async with served(long, WIRE) as one, connected(one.port) as raw:
        await raw.send(GET)

        async def gone() -> bool:
            return one.open == 0

        await eventually(gone, deadline=LATEST)


async def test_an_honest_upload_and_download_may_take_longer_than_the_deadlines() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        size = 0
        async for chunk in Request(scope, receive).stream():
            size += len(chunk)

        async def parts() -> Any:  # noqa: ANN401 -- an asynchronous generator
            for number in range(6):
                await let_pass(0.5)
                yield f"{size + number} "

        await StreamingResponse(parts())(scope, receive, send)

    async def upload() -> Any:  # noqa: ANN401 -- an asynchronous generator
        for _ in range(15):
            await let_pass(EVERY)
            yield b"x" * 20_000  # more than 16 KiB earn a second each

    async with served(slow, WIRE) as one, httpx.AsyncClient(timeout=30) as client:
        answer = await client.post(one.url, content=upload())
    assert answer.text == "300000 300001 300002 300003 300004 300005 "


async def test_a_client_does_not_pay_for_an_application_that_reads_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "SLOWEST_BODY", 1_000_000_000)  # what has arrived gives no time for the rest

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        await let_pass(3.5)
        await app(scope, receive, send)

    async with served(late, WIRE) as one, httpx.AsyncClient(timeout=30) as client:
        assert (await client.post(one.url, content=b"x" * 1_000_000)).text == "1000000"


async def test_a_client_does_not_pay_for_a_process_that_was_held_up() -> None:
    async with served(app, WIRE) as one, connected(one.port) as raw:

        async def held() -> bool:
            return one.open == 1

        await eventually(held)
        (connection,) = one.server.server_state.connections
        assert isinstance(connection, ServingProtocol)
        await raw.send(GET[:10])
        connection.due = -1.0  # as after a pause in which nothing was read and the time ran out
        assert not connection.is_late(0.0)
        await raw.send(GET[10:])
        assert await raw.answer() == (200, b"0")
        assert not connection.is_late(0.0)


async def test_over_the_cap_health_is_answered_and_all_else_is_503_and_far_over_it_nothing() -> None:
    wire = WireSettings(connections=10, head_seconds=30.0, idle_seconds=30)
    async with served(app, wire) as one, AsyncExitStack() as held:
        for _ in range(wire.connections):
            await held.enter_async_context(connected(one.port))

        async def full() -> bool:
            return one.open == wire.connections

        await eventually(full)
        async with httpx.AsyncClient(base_url=one.url) as client:
            health = [await client.get(path) for path in ("/readyz", "/livez", "/metrics")]
            refused = await client.get("/v1/brands", headers={"Origin": "https://a.example", "Accept-Language": "en"})
        assert [answer.status_code for answer in health] == [200] * 3
        assert (refused.status_code, refused.json()["code"]) == (503, "service-unavailable")
        assert (refused.headers["retry-after"], refused.headers["access-control-allow-origin"]) == ("5", "*")
        assert {answer.headers["connection"] for answer in [*health, refused]} == {"close"}

        await eventually(full)
        for _ in range(SPARE):
            await held.enter_async_context(connected(one.port))
        async with connected(one.port) as raw:
            await raw.send(GET)
            assert await raw.rest() == b""
        await eventually(full, deadline=LATEST)  # the spare ones are given up soon, though 30 s are allowed


async def test_after_a_crowd_the_next_connection_is_served_as_ever() -> None:
    wire = WireSettings(connections=10)
    async with served(app, wire) as one:
        async with AsyncExitStack() as held:
            for _ in range(wire.connections + 5):
                await held.enter_async_context(connected(one.port))

        async def empty() -> bool:
            return one.open == 0

        await eventually(empty)
        async with httpx.AsyncClient() as client:
            assert (await client.get(one.url)).status_code == 200
