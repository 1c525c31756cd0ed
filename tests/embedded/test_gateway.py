import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from common.storage.database.engine import Unavailable
from common.web.answers import problems
from embedded.origin.child import LASTING
from embedded.origin.contract import contract_routes
from embedded.origin.gateway import Gateway, first_noun
from embedded.origin.health import State, state_of
from support.service.waiting import let_pass


@dataclass
class Toy:
    """A service that remembers when it lived; `fails` start attempts go wrong first, `worker` runs beside it."""

    name: str
    nouns: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    fails: int = 0
    failure: Exception = field(default_factory=lambda: ConnectionError("planted"))
    ready: bool = True
    paused: bool = False
    worker: Callable[[], Coroutine[Any, Any, None]] | None = None
    life: list[str] = field(default_factory=list)
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        self.app = FastAPI(title=self.name, lifespan=self._lifespan())

        @self.app.get("/readyz", include_in_schema=False)
        async def readyz() -> JSONResponse:
            if self.paused:
                return JSONResponse({"status": "degraded", "reason": "consumer paused"})
            return JSONResponse({}, 200 if self.ready else 503)

        for noun in self.nouns:
            self.app.get(f"/v1/{noun}/{{key}}", operation_id=f"read_{noun}")(self._endpoint())

    def _endpoint(self) -> Callable[..., Any]:
        async def read(key: str, request: Request) -> dict[str, str]:
            if key == "crash":
                raise RuntimeError("planted")
            return {"service": self.name, "state": request.state.mark, "key": key}

        return read

    def _lifespan(self) -> Callable[[FastAPI], AbstractAsyncContextManager[dict[str, str]]]:
        @asynccontextmanager
        async def live(_: FastAPI) -> AsyncIterator[dict[str, str]]:
            if self.fails:
                self.fails -= 1
                self.life.append("failed")
                raise self.failure
            self.life.append("up")
            worker = None if self.worker is None else asyncio.create_task(self.worker())
            self.app.state.runtime = SimpleNamespace(worker=worker)
            # Entered and left in one task, or this raises.
            async with asyncio.timeout(60):
                yield {"mark": f"{self.name}'s own"}
            if worker is not None:
                worker.cancel()
            self.life.append("down")

        return live


def front() -> FastAPI:
    app = FastAPI(openapi_url=None)
    problems.install(app)

    @app.get("/")
    async def root() -> str:
        return "front"

    return app


def answering(name: str) -> Callable[[], Coroutine[Any, Any, str]]:
    async def answer() -> str:
        return name

    return answer


@asynccontextmanager
async def served(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=gateway, raise_app_exceptions=False)
    async with gateway.running(), httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


async def eventually(client: httpx.AsyncClient, path: str, status: int) -> httpx.Response:
    async with asyncio.timeout(5):
        while (answer := await client.get(path)).status_code != status:  # noqa: ASYNC110 -- only asking shows it
            await asyncio.sleep(0)
        return answer


async def test_requests_go_to_the_owner_of_the_first_noun_with_its_own_state() -> None:
    review, registry = Toy("review", ("draws", "rankings")), Toy("registry", ("brands",))
    async with served(Gateway([review, registry], front=front())) as client:
        for noun, service in (("draws", "review"), ("rankings", "review"), ("brands", "registry")):
            answer = await client.get(f"/v1/{noun}/1")
            assert answer.json() == {"service": service, "state": f"{service}'s own", "key": "1"}
        assert (await client.get("/")).json() == "front"


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("subject=brd_0193", "registry"),
        ("subject=drw_0193&limit=2", "review"),
        ("service=registry", "registry"),
        ("service=registry&subject=drw_0193", "registry"),
        ("subject=unknown_0193", "review"),
        ("subject=brd", "review"),
        ("service=unknown&subject=brd_0193", "review"),
        ("", "review"),
    ],
)
async def test_the_audit_is_asked_of_the_service_that_gave_the_id(query: str, service: str) -> None:
    toys = [Toy("review", ("draws",), ("drw", "rev")), Toy("registry", ("brands",), ("brd",))]
    for toy in toys:
        toy.app.get("/v1/audit", operation_id=f"audit_of_{toy.name}")(answering(toy.name))
    async with served(Gateway(toys, front=front())) as client:
        assert (await client.get(f"/v1/audit?{query}")).json() == service
        assert (await client.get(f"/v1/audit/x?{query}")).json()["code"] == "path-not-found"


def test_two_services_cannot_give_the_same_ids() -> None:
    with pytest.raises(ValueError, match="two parts give ids that begin with brd_: review and registry"):
        Gateway([Toy("review", ("draws",), ("brd",)), Toy("registry", ("brands",), ("brd",))], front=front())


@pytest.mark.parametrize("path", ["/v1/unknown/1", "/v1", "/v1/", "/v2/brands/1", "//v1/brands/1", "/nowhere"])
async def test_what_nobody_owns_is_a_problem_document_of_the_front(path: str) -> None:
    async with served(Gateway([Toy("registry", ("brands",))], front=front())) as client:
        answer = await client.get(f"http://gateway{path}")
        assert answer.status_code == 404
        assert answer.json()["code"] == "path-not-found"


async def test_every_lifespan_is_entered_once_and_left_once() -> None:
    toys = [Toy("review", ("draws",)), Toy("registry", ("brands",))]
    async with served(Gateway(toys, front=front())):
        assert [toy.life for toy in toys] == [["up"], ["up"]]
    assert [toy.life for toy in toys] == [["up", "down"], ["up", "down"]]


async def test_a_service_that_cannot_start_is_503_alone_and_comes_back_by_itself() -> None:
    review, registry = Toy("review", ("draws",), fails=2), Toy("registry", ("brands",))
    gateway = Gateway([review, registry], front=front(), first_pause=timedelta(milliseconds=50))
    async with served(gateway) as client:
        answer = await client.get("/v1/draws/1", headers={"Origin": "https://elsewhere.example"})
        assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Retry-After" in answer.headers["access-control-expose-headers"]
        assert int(answer.headers["retry-after"]) > 0
        assert (await client.get("/v1/brands/1")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["services"]) == (
            503,
            {"review": "ConnectionError", "registry": "ready"},
        )
        assert (await eventually(client, "/v1/draws/1", 200)).json()["service"] == "review"
        assert (await client.get("/readyz")).status_code == 200
    assert review.life == ["failed", "failed", "up", "down"]


@pytest.mark.parametrize("kind", LASTING)
async def test_a_service_that_no_restart_can_help_is_not_restarted_and_its_reason_is_shown(
    kind: type[Exception],
) -> None:
    failure = kind.__new__(kind)
    failure.args = ("migrate first",)
    review, registry = Toy("review", ("draws",), fails=1, failure=failure), Toy("registry", ("brands",))
    gateway = Gateway([review, registry], front=front(), first_pause=timedelta(0))
    async with served(gateway) as client:
        await let_pass(0.05)
        assert (await client.get("/v1/draws/1")).status_code == 503
        assert (await client.get("/v1/brands/1")).status_code == 200
        assert (await client.get("/readyz")).json()["services"] == {"review": "migrate first", "registry": "ready"}
        assert [child.has_failed_for_good for child in gateway.children.values()] == [True, False]
    assert review.life == ["failed"]


async def test_a_service_whose_database_is_unavailable_says_so_and_is_restarted() -> None:
    review = Toy("review", ("draws",), fails=1, failure=Unavailable("SQLITE_FULL"))
    async with served(Gateway([review], front=front(), first_pause=timedelta(milliseconds=200))) as client:
        said = (await client.get("/readyz")).json()["services"]
        assert said == {"review": "database unavailable: SQLITE_FULL"}
        assert (await eventually(client, "/v1/draws/1", 200)).json()["service"] == "review"


async def test_a_service_whose_worker_ended_is_begun_again() -> None:
    begun = 0

    async def fails_once() -> None:
        nonlocal begun
        begun += 1
        if begun > 1:
            await asyncio.Event().wait()

    review, registry = Toy("review", ("draws",), worker=fails_once), Toy("registry", ("brands",))
    gateway = Gateway([review, registry], front=front(), first_pause=timedelta(milliseconds=50))
    async with served(gateway) as client:
        await eventually(client, "/v1/draws/1", 503)
        assert (await client.get("/v1/brands/1")).status_code == 200
        await eventually(client, "/v1/draws/1", 200)
    assert (review.life, registry.life) == (["up", "up", "down"], ["up", "down"])


async def test_a_service_that_says_it_is_not_ready_makes_the_whole_not_ready_and_still_answers() -> None:
    review, registry = Toy("review", ("draws",), ready=False), Toy("registry", ("brands",))
    async with served(Gateway([review, registry], front=front())) as client:
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["services"]["review"] == "/readyz answers 503"
        assert (await client.get("/v1/draws/1")).status_code == 200
        assert (await client.get("/livez")).status_code == 200


async def test_a_service_with_a_paused_consumer_makes_the_whole_degraded_which_still_serves() -> None:
    review, registry = Toy("review", ("draws",), paused=True), Toy("registry", ("brands",))
    async with served(Gateway([review, registry], front=front())) as client:
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (
            200,
            {"status": "degraded", "services": {"review": "degraded: consumer paused", "registry": "ready"}},
        )
        assert state_of(answer) == State(serves=True, reason="degraded: review: degraded: consumer paused")


async def test_a_crash_in_one_service_leaves_the_others_and_itself_running() -> None:
    review, registry = Toy("review", ("draws",)), Toy("registry", ("brands",))
    async with served(Gateway([review, registry], front=front())) as client:
        assert (await client.get("/v1/draws/crash")).status_code == 500
        assert (await client.get("/v1/draws/1")).status_code == 200
        assert (await client.get("/v1/brands/1")).status_code == 200


def test_a_noun_owned_twice_is_an_error_at_start() -> None:
    with pytest.raises(ValueError, match="two parts own /v1/brands"):
        Gateway([Toy("review", ("brands",)), Toy("registry", ("brands",))], front=front())


def test_a_noun_that_a_site_of_ours_has_cannot_be_taken_by_a_service() -> None:
    with pytest.raises(ValueError, match="two parts own /v1/demo"):
        Gateway([Toy("review", ("demo",))], front=front(), sites={"v1/demo": FastAPI()})


async def test_documents_are_served_per_service_and_combined() -> None:
    toys = [Toy("review", ("draws",)), Toy("registry", ("brands",))]
    app = front()
    app.include_router(contract_routes(toys, url="https://mingpai.example.org"))
    async with served(Gateway(toys, front=app)) as client:
        whole = (await client.get("/openapi.json")).json()
        assert list(whole["paths"]) == ["/v1/draws/{key}", "/v1/brands/{key}"]
        assert (await client.get("/openapi/registry.json")).json()["info"]["title"] == "registry"
        assert (await client.get("/openapi/nobody.json")).status_code == 404
        schema = (await client.get("/schemas/registry.BrandRevoked.v1.json")).json()
        assert schema["$id"] == "https://mingpai.example.org/schemas/registry.BrandRevoked.v1.json"


async def test_the_servers_lifespan_messages_start_and_stop_everything() -> None:
    toy = Toy("registry", ("brands",))
    sent: list[dict[str, Any]] = []
    up, leave = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not sent:
            return {"type": "lifespan.startup"}
        up.set()
        await leave.wait()
        return {"type": "lifespan.shutdown"}

    async def send(message: Any) -> None:  # noqa: ANN401 -- ASGI's message
        sent.append(message)

    gateway = Gateway([toy], front=front())
    serving = asyncio.create_task(gateway({"type": "lifespan"}, receive, send))
    async with asyncio.timeout(5):
        await up.wait()
        assert toy.life == ["up"]
        leave.set()
        await serving
    assert toy.life == ["up", "down"]
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(
    ("path", "noun"),
    [
        ("/", ""),
        ("/v1/brands", "v1/brands"),
        ("/v1/brands/", "v1/brands"),
        ("/v1/brands/1/history", "v1/brands"),
        ("/v1", "v1"),
        ("/v1/", "v1"),
        ("/v1//brands", "v1"),
        ("/oauth/token", "oauth"),
        ("/mailbox.json", "mailbox.json"),
        ("", ""),
        ("//v1/brands", ""),
    ],
)
def test_the_first_noun_decides(path: str, noun: str) -> None:
    assert first_noun(path) == noun
