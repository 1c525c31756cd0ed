"""What a head must be: its size, Host, target and version; what trailers and blanks around values cannot do."""

import asyncio
import json
import logging

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from common.process.http.head import MAX_FIELDS, MAX_HEAD
from common.wire import WireSettings
from support.service.waiting import eventually
from support.wire.served import connected, served


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the fields that a handler sees once it has read the body."""
    request = Request(scope, receive)
    await request.body()
    await JSONResponse([[name.decode(), value.decode()] for name, value in request.headers.raw])(scope, receive, send)


def head(*fields: bytes, line: bytes = b"GET /p HTTP/1.1") -> bytes:
    """Return a head of these fields, with one Host before them."""
    return b"\r\n".join([line, b"Host: h", *fields, b"", b""])


def fitting(size: int) -> bytes:
    """Return a head that counts as `size` bytes."""
    return head(b"X: " + b"x" * (size - len("/p") - len("hosth") - 4 - len("x") - 4))


async def code_of(request: bytes, *more: bytes) -> tuple[int, str]:
    """Return the status of the one answer and its code, empty for an answer of the application."""
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(request, *more)
        status, body = await raw.answer()
        content = json.loads(body)
        if status != 200:
            assert await raw.rest() == b""
    return status, "" if isinstance(content, list) else content["code"]


async def test_a_head_of_the_largest_size_is_read_and_a_larger_one_is_431() -> None:
    assert await code_of(fitting(MAX_HEAD)) == (200, "")
    assert await code_of(fitting(MAX_HEAD + 1)) == (431, "head-too-large")


async def test_a_head_may_have_a_hundred_fields_and_no_more() -> None:
    lines = [b"X-%d: 1" % number for number in range(MAX_FIELDS)]
    assert await code_of(head(*lines[1:])) == (200, "")
    assert await code_of(head(*lines)) == (431, "head-too-large")


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /" + b"p" * 3 * MAX_HEAD,
        b"GET /p HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 3 * MAX_HEAD,
        b"GET /p HTTP/1.1\r\nHost: h\r\n" + b"X: 1\r\n" * 2 * MAX_FIELDS,
        b"GET /p HTTP/1.1\r\nHost: h\r\n" + b"x" * 3 * MAX_HEAD,
    ],
    ids=["target", "value", "fields", "name"],
)
async def test_a_head_without_end_is_refused_before_it_ends(endless: bytes) -> None:
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(endless)
        assert (await raw.rest()).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "rest",
    [b"0\r\n" + b"X: 1\r\n" * 2 * MAX_FIELDS, b"0\r\nX: " + b"x" * 3 * MAX_HEAD, b"5;" + b"x" * 3 * MAX_HEAD],
    ids=["fields", "value", "chunk extension"],
)
async def test_trailers_and_chunk_extensions_have_the_limits_of_a_head(rest: bytes) -> None:
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(head(b"Transfer-Encoding: chunked", line=b"POST /p HTTP/1.1") + rest)
        assert await raw.rest() == b""


async def test_a_trailer_is_no_field_of_the_head() -> None:
    trailers = b"0\r\nAuthorization: Bearer T\r\nIdempotency-Key: k\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(head(b"Transfer-Encoding: chunked", line=b"POST /p HTTP/1.1"), trailers)
        assert json.loads((await raw.answer())[1]) == [["host", "h"], ["transfer-encoding", "chunked"]]


async def test_blanks_around_a_value_are_no_part_of_it() -> None:
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(head(b"Authorization:\t Bearer T  \t"))
        assert json.loads((await raw.answer())[1]) == [["host", "h"], ["authorization", "Bearer T"]]


HEADS = {
    "no host": (b"GET /p HTTP/1.1\r\n\r\n", 400, "head-invalid"),
    "two hosts": (head(b"Host: h"), 400, "head-invalid"),
    "a host that is none": (b"GET /p HTTP/1.1\r\nHost: a b/c\r\n\r\n", 400, "head-invalid"),
    "no host in HTTP/1.0": (b"GET /p HTTP/1.0\r\n\r\n", 200, ""),
    "an address as host": (b"GET /p HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200, ""),
    "a whole address": (head(line=b"GET http://h/p?q=1 HTTP/1.1"), 200, ""),
    "a fragment": (head(line=b"GET /p#x HTTP/1.1"), 400, "head-invalid"),
    "a broken escape": (head(line=b"GET /%zz HTTP/1.1"), 400, "head-invalid"),
    "a quotation mark": (head(line=b'GET /"p" HTTP/1.1'), 400, "head-invalid"),
    "what browsers leave": (head(line=b"GET /p?q={a|b}[] HTTP/1.1"), 200, ""),
    "a star": (head(line=b"GET * HTTP/1.1"), 400, "head-invalid"),
    "a star of OPTIONS": (head(line=b"OPTIONS * HTTP/1.1"), 200, ""),
    "HTTP/2": (head(line=b"GET /p HTTP/2.0"), 505, "http-version-unknown"),
    "HTTP/0.9": (head(line=b"GET /p HTTP/0.9"), 505, "http-version-unknown"),
}


@pytest.mark.parametrize(("request_", "status", "code"), HEADS.values(), ids=HEADS)
async def test_the_request_line_and_the_host_are_as_http_defines_them(request_: bytes, status: int, code: str) -> None:
    assert await code_of(request_) == (status, code)


async def test_a_refused_head_is_answered_after_the_requests_before_it_and_ends_the_connection() -> None:
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(head() + b"GET /p HTTP/1.1\r\n\r\n" + head())
        assert [(await raw.answer())[0], (await raw.answer())[0]] == [200, 400]
        assert await raw.rest() == b""


async def test_http_1_0_gets_no_interim_answer() -> None:
    lines = b"POST /p HTTP/1.0\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(lines, b"hello")
        assert (await raw.answer())[0] == 200


async def test_a_client_that_leaves_with_requests_in_the_queue_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    entered, left = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        entered.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        await JSONResponse("too late")(scope, receive, send)
        left.set()

    async with served(slow, WireSettings()) as one:
        async with connected(one.port) as raw:
            await raw.send(head() * 3)
            await entered.wait()

        async def over() -> bool:
            return left.is_set() and one.open == 0

        with caplog.at_level(logging.WARNING):
            await eventually(over)
    assert caplog.records == []
