"""What a client may send and gets: offers to upgrade are ignored, bodies are read however they come."""

import asyncio
import shutil
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from common.wire import WireSettings
from support.wire.served import connected, served

JAVA = Path(__file__).parents[2] / "support" / "wire" / "Defaults.java"
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
HEAD = b"POST /p HTTP/1.1\r\nHost: h\r\n"
BODY = b"Content-Length: 5\r\n\r\nhello"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the method, the caller's address and the length of the body, then the last five bytes of it."""
    request = Request(scope, receive)
    body = await request.body()
    host = request.client.host if request.client else "nobody"
    text = f"{request.method} {host} {len(body)} {body[-5:].decode()}"
    await PlainTextResponse(text)(scope, receive, send)


async def run(*command: str) -> str:
    """Return what a program prints."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(60):
            printed, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, said.decode()
    return printed.decode()


async def test_the_jdks_client_with_its_defaults_has_its_bodies_read() -> None:
    if shutil.which("javac") is None:
        pytest.skip("no Java compiler (apt-get install default-jdk-headless)")
    sizes = (0, 1, 5_000, 300_000)
    async with served(echo) as one:
        printed = await run("java", str(JAVA), f"{one.url}/p", *map(str, sizes))
    assert printed.splitlines() == [
        f"{method} {method} 127.0.0.1 {size} {'x' * min(size, 5)}" for size in sizes for method in ("POST", "PUT")
    ]


@pytest.mark.parametrize("more", [(), ("-H", "Transfer-Encoding: chunked"), ("-H", "Expect: 100-continue")])
async def test_curl_that_offers_http2_has_its_body_read(more: tuple[str, ...]) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl (apt-get install curl)")
    async with served(echo) as one:
        assert await run(curl, "-sS", "--http2", *more, "-d", "hello", f"{one.url}/p") == "POST 127.0.0.1 5 hello"


REQUESTS = {
    "h2c": HEAD + OFFER + BODY,
    "h2c, chunked": HEAD + OFFER + CHUNKED,
    "h2c and close": HEAD + OFFER.replace(b"Upgrade, ", b"close, Upgrade, ") + BODY,
    "websocket": HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + BODY,
    "offer without connection": HEAD + b"Upgrade: h2c\r\n" + BODY,
    "two connection fields": HEAD + b"Connection: keep-alive\r\n" + OFFER + BODY,
    "plain": HEAD + BODY,
    "HTTP/1.0": HEAD.replace(b"1.1", b"1.0") + OFFER + BODY,
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
async def test_a_body_is_read_whole_bytewise_and_apart_from_its_head(request_: bytes) -> None:
    head, _, body = request_.partition(b"\r\n\r\n")
    ways = ([request_], [head + b"\r\n\r\n", body], [bytes([byte]) for byte in request_])
    async with served(echo) as one:
        for parts in ways:
            async with connected(one.port) as raw:
                await raw.send(*parts)
                assert await raw.answer() == (200, b"POST 127.0.0.1 5 hello")


async def test_requests_that_follow_at_once_are_answered_in_order_each_with_its_body() -> None:
    every = [one for one in REQUESTS.values() if b"close" not in one and b"1.0" not in one]
    numbered = [one.replace(b"hello", b"hell%d" % number) for number, one in enumerate(every * 3)]
    numbered = [one for number, one in enumerate(numbered) if number < 10]
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(b"".join(numbered))
        answers = [(await raw.answer())[1] for _ in numbered]
    assert answers == [b"POST 127.0.0.1 5 hell%d" % number for number in range(len(numbered))]


async def test_thousands_of_offers_in_one_piece_are_thousands_of_requests() -> None:
    count = 4_000  # more of them arrive in one piece than a function may call itself
    async with served(echo) as one, connected(one.port) as raw:
        sending = asyncio.create_task(raw.send((HEAD + OFFER + BODY) * count))
        for _ in range(count):
            assert await raw.answer() == (200, b"POST 127.0.0.1 5 hello")
        await sending


@pytest.mark.parametrize(
    "refused",
    [
        b"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n",
        HEAD + OFFER + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + OFFER + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        HEAD + b"Content-Length : 5\r\n\r\nhello",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ],
)
async def test_what_is_ambiguous_or_another_protocol_is_refused_and_closed(refused: bytes) -> None:
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(refused)
        assert (await raw.rest()).startswith(b"HTTP/1.1 400 ")


async def test_a_head_request_gets_no_body_and_the_connection_goes_on() -> None:
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(b"HEAD /p HTTP/1.1\r\nHost: h\r\n\r\n" + HEAD + b"Connection: close\r\n" + BODY)
        said = await raw.rest()
    head, _, rest = said.partition(b"\r\n\r\n")
    assert b"content-length: %d\r\n" % len("HEAD 127.0.0.1 0 ") in head + b"\r\n"
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n")
    assert rest.endswith(b"POST 127.0.0.1 5 hello")


@pytest.mark.parametrize(
    ("trusted", "forwarded", "caller"),
    [
        ("", "203.0.113.9", "127.0.0.1"),
        ("10.0.0.0/8", "203.0.113.9", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.0/8", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9", "198.51.100.7, 203.0.113.9", "198.51.100.7"),
    ],
)
async def test_a_forwarded_address_is_believed_from_named_proxies_only(
    trusted: str, forwarded: str, caller: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # uvicorn's own variable has no say
    wire = WireSettings.model_validate({"trusted_proxies": trusted})
    async with served(echo, wire) as one, connected(one.port) as raw:
        await raw.send(HEAD + f"X-Forwarded-For: {forwarded}\r\n".encode() + BODY)
        assert await raw.answer() == (200, f"POST {caller} 5 hello".encode())


async def test_the_server_does_not_say_what_it_is() -> None:
    async with served(echo) as one, connected(one.port) as raw:
        await raw.send(HEAD + b"Connection: close\r\n" + BODY)
        assert b"\r\nserver:" not in (await raw.rest()).lower()
