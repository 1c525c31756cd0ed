"""The front of the distributed shape over services that are only addresses here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from common.settings import Settings
from embedded.cli import cli
from embedded.origin.assembly import Assembly
from embedded.origin.front import FrontStart, front_of
from embedded.origin.health import READY, State, not_ready
from embedded.origin.parts import SERVICES
from embedded.origin.remote import Front, UnusableAddressesError, remote_parts
from support.service.alone import alone
from support.service.launcher import ISSUER

APIS = {service.name: [f"http://{service.name}-api"] for service in SERVICES}
WORKERS = {service.name: [f"http://{service.name}-worker"] for service in SERVICES}


@asynccontextmanager
async def front(data: Path, **environ: str) -> AsyncIterator[tuple[Assembly[Front], httpx.AsyncClient]]:
    start = FrontStart(apis=APIS, workers=WORKERS, mailbox=False, environ={})
    settings = Settings.for_service("front", {"MINGPAI_DATA": str(data), **environ})
    async with front_of(start, settings) as assembly:
        transport = httpx.ASGITransport(app=assembly.gateway)
        async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as client:
            yield assembly, client


class Elsewhere:
    """Processes that are ready but for those in `wrong`: why degraded, a status, or the error that asking ends in."""

    def __init__(self, **wrong: int | str | type[Exception]) -> None:
        self.wrong = {name.replace("_", "-"): how for name, how in wrong.items()}
        self.asked: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        how = self.wrong.get(request.url.host, 200)
        if isinstance(how, str):
            return httpx.Response(200, json={"status": "degraded", "reason": how})
        if isinstance(how, int):
            return httpx.Response(how)
        raise how("planted")

    async def readiness(self, **apis: list[str]) -> dict[str, State]:
        parts = remote_parts(Settings.for_service("front", {}), apis=APIS | apis, workers=WORKERS)
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return await Front(parts, client=client, front=FastAPI(), sites={}).readiness()


async def test_every_process_is_asked_whether_it_is_ready() -> None:
    elsewhere = Elsewhere()

    assert await elsewhere.readiness() == dict.fromkeys(APIS, READY)
    assert sorted(elsewhere.asked) == sorted(
        f"http://{service}-{kind}/readyz" for service in APIS for kind in ("api", "worker")
    )


async def test_a_service_without_a_ready_api_or_worker_is_named_alone_and_with_the_reason() -> None:
    elsewhere = Elsewhere(registry_api=503, review_worker=httpx.ConnectError, applications_api=TimeoutError)

    assert await elsewhere.readiness() == {
        "applications": not_ready("api: http://applications-api/readyz does not answer within 2 s"),
        "review": not_ready("worker: http://review-worker does not answer"),
        "registry": not_ready("api: http://registry-api/readyz answers 503"),
        "notifications": READY,
    }


async def test_a_service_whose_worker_has_paused_serves_and_is_named_with_the_reason() -> None:
    reason = "worker: http://review-worker is degraded: consumer paused: review"

    states = await Elsewhere(review_worker="consumer paused: review", registry_api=503).readiness()

    assert (states["review"], states["review"].word) == (State(serves=True, reason=reason), "degraded")
    assert states["registry"].word == "not ready"


async def test_one_ready_process_of_several_is_enough() -> None:
    two = ["http://registry-api", "http://registry-api-2"]

    assert (await Elsewhere(registry_api=503).readiness(registry=two))["registry"] == READY
    both = Elsewhere(registry_api=503, registry_api_2=httpx.ConnectError)
    assert (await both.readiness(registry=two))["registry"] == not_ready(
        "api: http://registry-api/readyz answers 503; http://registry-api-2 does not answer"
    )


async def test_a_service_that_is_down_makes_the_whole_not_ready_and_every_page_still_answers(tmp_path: Path) -> None:
    async with front(tmp_path) as (_, client):
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert set(ready.json()["services"]) == set(APIS)
        for path in ("/", "/status", "/livez", "/openapi.json", "/asyncapi.json", "/problems/path-not-found"):
            assert (await client.get(path)).status_code == 200, path


async def test_the_documents_are_those_that_the_services_give(tmp_path: Path) -> None:
    async with front(tmp_path) as (_, client):
        combined = (await client.get("/openapi.json")).json()["paths"]
        for service in SERVICES:
            async with alone(service, f"sqlite:///{tmp_path / service.name}.db", tmp_path) as own:
                said = (await own.client.get("/openapi.json")).json()
            assert (await client.get(f"/openapi/{service.name}.json")).json() == said
            assert {path for path in said["paths"] if path.startswith("/v1/")} <= combined.keys()


async def test_what_belongs_to_a_service_is_not_answered_here(tmp_path: Path) -> None:
    async with front(tmp_path) as (_, client):
        answer = await client.get("/v1/brands")

        assert (answer.status_code, answer.json()["code"]) == (404, "path-not-found")


async def test_the_demo_has_issuer_and_clock_and_production_neither(tmp_path: Path) -> None:
    async with front(tmp_path) as (assembly, client):
        assert (await client.get("/.well-known/openid-configuration")).json()["issuer"] == ISSUER
        before = (await client.get("/v1/demo/clock")).json()["today"]
        assert before == assembly.place.legal.now().date().isoformat()
        assert (await client.get("/mailbox")).status_code == 404
    production = {
        "MINGPAI_PROFILE": "production",
        "MINGPAI_URL": "https://mingpai.example.org",
        "MINGPAI_ISSUER": "https://id.example.org",
        "MINGPAI_CURSOR_SECRET": "q7Zp2fX0vK9sLw4TbN8yRc1HdM6uJgEa",
        "MINGPAI_MAIL_FROM": "office@given.example.org",
    }
    async with front(tmp_path, **production) as (_, client):
        for path in ("/.well-known/openid-configuration", "/oauth/token", "/v1/demo/clock", "/mailbox"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.get("/")).status_code == 200


def test_every_service_needs_an_api_and_a_name_that_exists() -> None:
    settings = Settings.for_service("front", {})

    with pytest.raises(UnusableAddressesError, match="no api is named for: registry"):
        remote_parts(settings, apis={name: at for name, at in APIS.items() if name != "registry"}, workers=WORKERS)
    with pytest.raises(UnusableAddressesError, match="no such service: brands"):
        remote_parts(settings, apis=APIS | {"brands": []}, workers=WORKERS)


def test_an_address_without_its_service_is_refused_with_a_sentence() -> None:
    result = CliRunner().invoke(cli, ["front", "--api", "http://127.0.0.1:1", "--worker", "review=x"])

    assert result.exit_code == 2
    assert "http://127.0.0.1:1 does not read <service>=<address>" in result.output
