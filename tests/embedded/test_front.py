"""The front of the distributed shape over services that are only addresses here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from common.settings import Settings
from embedded.assembly import Assembly
from embedded.cli import cli
from embedded.front import FrontStart, front_of
from embedded.parts import SERVICES
from embedded.remote import Front, UnusableAddressesError, remote_parts
from support.embedded import ISSUER
from support.service import alone

APIS = {service.name: [f"http://{service.name}-api"] for service in SERVICES}
WORKERS = {service.name: [f"http://{service.name}-worker"] for service in SERVICES}


@asynccontextmanager
async def front(data: Path, **environ: str) -> AsyncIterator[tuple[Assembly[Front], httpx.AsyncClient]]:
    start = FrontStart(url=ISSUER, apis=APIS, workers=WORKERS, mailbox=False, environ={})
    settings = Settings.for_service("front", {"MINGPAI_DATA": str(data), **environ})
    async with front_of(start, settings) as assembly:
        transport = httpx.ASGITransport(app=assembly.gateway)
        async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as client:
            yield assembly, client


class Elsewhere:
    """Processes that are ready but for those in `wrong`: a status, or the error that asking ends in."""

    def __init__(self, **wrong: int | type[Exception]) -> None:
        self.wrong = {name.replace("_", "-"): how for name, how in wrong.items()}
        self.asked: list[str] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        how = self.wrong.get(request.url.host, 200)
        if isinstance(how, int):
            return httpx.Response(how)
        raise how("planted")

    async def readiness(self, **apis: list[str]) -> dict[str, str | None]:
        parts = remote_parts(Settings.for_service("front", {}), apis=APIS | apis, workers=WORKERS)
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return await Front(parts, client=client, front=FastAPI(), sites={}).readiness()


async def test_every_process_is_asked_whether_it_is_ready() -> None:
    elsewhere = Elsewhere()

    assert await elsewhere.readiness() == dict.fromkeys(APIS)
    assert sorted(elsewhere.asked) == sorted(
        f"http://{service}-{kind}/readyz" for service in APIS for kind in ("api", "worker")
    )


async def test_a_service_without_a_ready_api_or_worker_is_told_alone_and_why() -> None:
    elsewhere = Elsewhere(registry_api=503, review_worker=httpx.ConnectError, applications_api=TimeoutError)

    assert await elsewhere.readiness() == {
        "applications": "api: http://applications-api/readyz does not answer within 2 s",
        "review": "worker: http://review-worker does not answer",
        "registry": "api: http://registry-api/readyz answers 503",
        "notifications": None,
    }


async def test_one_ready_process_of_several_is_enough() -> None:
    two = ["http://registry-api", "http://registry-api-2"]

    assert (await Elsewhere(registry_api=503).readiness(registry=two))["registry"] is None
    both = Elsewhere(registry_api=503, registry_api_2=httpx.ConnectError)
    assert (await both.readiness(registry=two))["registry"] == (
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
        "MINGPAI_ISSUER": "https://id.example.org",
        "MINGPAI_CURSOR_SECRET": "s" * 32,
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
    result = CliRunner().invoke(cli, ["front", "--url", ISSUER, "--api", "http://127.0.0.1:1", "--worker", "review=x"])

    assert result.exit_code == 2
    assert "http://127.0.0.1:1 does not read <service>=<address>" in result.output
