"""The gateway as nginx runs it, in front of processes that answer, refuse or die as a test wants them to."""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

from common.web.input.strict import MAX_UPLOAD
from common.wire import WireSettings
from embedded.origin.parts import SERVICES
from stack.machine.places import Place
from stack.machine.ports import free_ports
from stack.servers.gateway import DEADLINES, OWNER, NginxMissing, binary, command, configuration, write_configuration
from support.wire.served import connected

NAMES: Final = [service.name for service in SERVICES]
KEYED: Final = {"Idempotency-Key": "key-1"}


class Upstream:
    """One process behind the gateway: answers with its name, or hangs up on whatever it was sent."""

    def __init__(self, name: str, *, status: int | None = 200) -> None:
        self.name = name
        self.status = status
        self.heads: list[str] = []
        self.address = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                self.heads.append(head)
                if self.status is None:
                    return
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                await reader.readexactly(int(fields.get("content-length", "0")))
                writer.write(
                    f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(self.name)}\r\n"
                    f"Request-Id: {fields['request-id']}\r\n\r\n{self.name}".encode()
                )
                await writer.drain()
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()


@asynccontextmanager
async def gateway(
    folder: Path,
    upstreams: Sequence[Upstream],
    *,
    dead: Sequence[str] = (),
    proxies: Sequence[str] = (),
    wire: WireSettings = DEADLINES,
) -> AsyncIterator[httpx.AsyncClient]:
    """Run nginx in front of these; `dead` are addresses of the registry where no process listens."""
    try:
        binary()
    except NginxMissing as missing:
        pytest.skip(str(missing))
    async with AsyncExitStack() as stack:
        for upstream in upstreams:
            await stack.enter_async_context(upstream.serving())
        by_name = {name: [one.address for one in upstreams if one.name.startswith(name)] for name in [*NAMES, "front"]}
        by_name["registry"] = [*dead, *by_name["registry"]]
        (port,) = free_ports(1)
        place = Place(folder / "gateway", OWNER if os.geteuid() == 0 else None)
        write_configuration(
            place, SERVICES, port=port, apis=by_name, front=by_name["front"][0], proxies=proxies, wire=wire
        )
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(command(place), stderr=log, **place.as_owner)  # noqa: ASYNC220, S603 -- forking takes no time; our own arguments
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}"))
        try:
            await until_it_listens(port, process)
            yield client
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 10)
        assert "emerg" not in (folder / "log").read_text()


async def until_it_listens(port: int, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(10):
        while process.poll() is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


def everybody(**changed: Upstream) -> list[Upstream]:
    return [changed.get(name, Upstream(name)) for name in [*NAMES, "front"]]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Provide a folder that nginx may enter.

    When root runs the tests, nginx runs as the user `nobody`, who may not enter pytest's `tmp_path`.
    """
    with tempfile.TemporaryDirectory(prefix="mingpai-test-gateway-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


async def test_every_noun_goes_to_its_service_and_everything_else_to_the_front(folder: Path) -> None:
    async with gateway(folder, everybody()) as client:
        for service in SERVICES:
            for noun in service.nouns:
                for path in (f"/v1/{noun}", f"/v1/{noun}/1/x?a=%2F", f"/v1/%{ord(noun[0]):x}{noun[1:]}"):
                    assert (await client.get(path)).text == service.name, path
        for path in (
            "/",
            "/docs",
            "/v1",
            "/v1/",
            "/v1/unknown",
            "/v1/brandsX",
            "//v1/brands",
            "/v1//brands",
            "/v1/demo/clock",
        ):
            assert (await client.get(path)).text == "front", path


async def test_the_audit_is_asked_of_the_service_that_gave_the_id(folder: Path) -> None:
    first = SERVICES[0].name
    asked = {"": first, "subject=unknown_1": first, "service=unknown&subject=brd_1": first, "subject=xbrd_1": first}
    for service in SERVICES:
        asked |= {f"limit=2&subject={prefix}_0193": service.name for prefix in service.prefixes}
        asked |= {f"service={service.name}": service.name, f"service={service.name}&subject=AG-1": service.name}
        assert service.prefixes
    async with gateway(folder, everybody()) as client:
        for query, name in asked.items():
            assert (await client.get(f"/v1/audit?{query}")).text == name, query
        assert (await client.get("/v1/audit/1?service=registry")).text == "front"


async def test_the_path_arrives_as_it_was_sent(folder: Path) -> None:
    registry = Upstream("registry")
    async with gateway(folder, everybody(registry=registry)) as client:
        await client.get("/v1/brands/a%2Fb%20c?x=1&y=%E5%90%8D")

    assert registry.heads[0].splitlines()[0] == "GET /v1/brands/a%2Fb%20c?x=1&y=%E5%90%8D HTTP/1.1"


@pytest.mark.parametrize(
    ("sent", "arrives"), [("req_abcdefgh", "req_abcdefgh"), (None, None), ("bad id!", None), ('x",y":"' * 3, None)]
)
async def test_a_sane_request_id_passes_and_any_other_is_replaced_by_a_new_one(
    folder: Path, sent: str | None, arrives: str | None
) -> None:
    async with gateway(folder, everybody()) as client:
        answer = await client.get("/v1/brands", headers={} if sent is None else {"Request-Id": sent})

    found = answer.headers["request-id"]
    assert found == arrives if arrives else found.startswith("req_") and len(found) == 36


async def test_the_caller_cannot_pretend_another_address(folder: Path) -> None:
    registry = Upstream("registry")
    async with gateway(folder, everybody(registry=registry)) as client:
        await client.get("/v1/brands", headers={"X-Forwarded-For": "10.9.8.7"})

    assert "X-Forwarded-For: 127.0.0.1\r\n" in registry.heads[0]


@pytest.mark.parametrize(
    ("proxies", "seen"), [(["127.0.0.1"], "203.0.113.9"), (["10.0.0.1"], "127.0.0.1"), ([], "127.0.0.1")]
)
async def test_the_callers_address_is_taken_from_a_named_web_server_in_front(
    folder: Path, proxies: list[str], seen: str
) -> None:
    registry = Upstream("registry")
    async with gateway(folder, everybody(registry=registry), proxies=proxies) as client:
        await client.get("/v1/brands", headers={"X-Forwarded-For": "10.9.8.7, 203.0.113.9"})

    assert f"X-Forwarded-For: {seen}\r\n" in registry.heads[0]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /v1/brands HTTP/1.1\r\nHost: h\r\n",
        b"POST /v1/brands HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx",
        b"GET /v1/brands HTTP/1.1\r\nHost: h\r\n\r\n",
    ],
    ids=["nothing", "head", "body", "kept"],
)
async def test_a_slow_or_silent_connection_ends(folder: Path, sent: bytes) -> None:
    short = WireSettings(head_seconds=1, body_seconds=1, idle_seconds=3)
    async with gateway(folder, everybody(), wire=short) as client, connected(client.base_url.port or 0) as raw:
        await raw.send(sent)
        await raw.rest()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_where_nobody_listens_the_next_is_asked_whatever_the_method(folder: Path, method: str) -> None:
    dead = [f"127.0.0.1:{port}" for port in free_ports(2)]
    async with gateway(folder, everybody(), dead=dead) as client:
        answers = [await client.request(method, "/v1/brands", content=b"{}") for _ in range(6)]

    assert [answer.text for answer in answers] == ["registry"] * 6


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [("GET", {}, None), ("PUT", {}, None), ("POST", KEYED, None), ("GET", {}, 503), ("POST", KEYED, 503)],
)
async def test_what_may_be_sent_twice_goes_to_the_next_when_a_process_dies_over_it(
    folder: Path, method: str, headers: dict[str, str], status: int | None
) -> None:
    dying, living = Upstream("registry-dying", status=status), Upstream("registry")
    others = [upstream for upstream in everybody() if upstream.name != "registry"]
    async with gateway(folder, [dying, living, *others]) as client:
        answers = [await client.request(method, "/v1/brands", content=b"{}", headers=headers) for _ in range(4)]

    assert [answer.text for answer in answers] == ["registry"] * 4
    assert dying.heads


async def test_a_command_without_a_key_is_never_sent_twice(folder: Path) -> None:
    dying, living = Upstream("registry-dying", status=None), Upstream("registry")
    others = [upstream for upstream in everybody() if upstream.name != "registry"]
    async with gateway(folder, [dying, living, *others]) as client:
        answers = [await client.post("/v1/brands/lookups", content=b"{}") for _ in range(4)]

    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503]
    assert len(dying.heads) + len(living.heads) == 4


async def test_only_the_requests_of_a_service_that_is_down_are_503_in_the_readers_language(folder: Path) -> None:
    others = [upstream for upstream in everybody() if upstream.name != "registry"]
    dead = [f"127.0.0.1:{port}" for port in free_ports(1)]
    async with gateway(folder, others, dead=dead) as client:
        chinese = await client.get("/v1/brands", headers={"Request-Id": "req_abcdefgh"})
        english = await client.post("/v1/acts/1/approvals", headers={"Accept-Language": "en", **KEYED})
        assert (await client.get("/v1/reviews")).text == "review"

    assert (chinese.status_code, chinese.headers["content-type"]) == (503, "application/problem+json")
    assert (chinese.headers["retry-after"], chinese.headers["request-id"]) == ("5", "req_abcdefgh")
    assert chinese.headers["access-control-allow-origin"] == "*"
    assert "Retry-After" in chinese.headers["access-control-expose-headers"].split(", ")
    assert chinese.json() == {
        "type": "/problems/service-unavailable",
        "title": "暂时不可用",
        "status": 503,
        "detail": "服务暂时不可用，请稍后重试。",
        "instance": "urn:mingpai:request:req_abcdefgh",
        "code": "service-unavailable",
        "request_id": "req_abcdefgh",
        "retryable": True,
    }
    assert english.json()["title"] == "Unavailable for the moment"


async def test_a_body_over_the_largest_is_refused_before_it_reaches_a_service(folder: Path) -> None:
    applications = Upstream("applications")
    async with gateway(folder, everybody(applications=applications)) as client:
        refused = await client.post("/v1/applications", content=b"x" * (MAX_UPLOAD + 1), headers=KEYED)
        taken = await client.post("/v1/applications", content=b"x" * MAX_UPLOAD, headers=KEYED)

    assert (refused.status_code, refused.json()["code"]) == (413, "body-too-large")
    assert taken.text == "applications"
    assert len(applications.heads) == 1


def test_a_service_without_an_address_is_an_error_and_not_left_out(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="registry"):
        configuration(
            SERVICES, listen="127.0.0.1:1", apis={"applications": [], "review": []}, front="", folder=tmp_path
        )


def test_host_names_are_resolved_again_only_when_there_is_a_resolver() -> None:
    apis = {name: [f"{name}-api:8000"] for name in NAMES}

    def made(resolver: str | None) -> str:
        return configuration(
            SERVICES, listen="127.0.0.1:1", apis=apis, front="front:8000", folder=Path("/srv"), resolver=resolver
        )

    resolving, plain = made("127.0.0.11"), made(None)
    assert resolving.count(":8000 resolve max_fails=0;") == resolving.count("        zone ") == len(NAMES) + 1
    assert resolving.count("resolver 127.0.0.11 ") == 1
    assert "resolve" not in plain
    assert "zone" not in plain
