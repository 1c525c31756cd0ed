"""Every address of the platform as a client of HTTP sees it: HEAD, preflights, and whom a redirect believes.

The addresses are all routes of all applications behind the gateway, with the values of real things where there are any.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from common.settings import Profile
from embedded.launcher import Start, assembled
from embedded.origin.gateway import Gateway
from support.service.platform import Platform, platform_on, sqlite_databases

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORIGIN = "https://front.example.org"
EVIL = "evil.example"
FIELDS = frozenset(
    {
        "traceparent",
        "tracestate",
        "baggage",
        "x-requested-with",
        "prefer",
        "range",
        "authorization",
        "content-type",
        "accept-language",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "request-id",
    }
)
CHANGING = frozenset({"date", "request-id", "ratelimit", "traceparent"})
"""Fields whose values differ between two requests for the same thing."""
MOVING = frozenset({"/metrics", "/status", "/status.json", "/v1/demo/clock"})
"""Addresses whose text, and so its length, is another at each request."""
FILES = ("/static/mingpai.css", "/static/nothing.css")
NOWHERE = ("/nowhere", "/v1/nowhere", "/problems/none", "/schemas/none", "/openapi/none.json", "/oauth/none")


def routes_of(app: FastAPI) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the path of each route of an application with its methods."""
    return _below(app.routes)


def _below(routes: list[BaseRoute]) -> Iterator[tuple[str, frozenset[str]]]:
    for route in routes:
        if isinstance(route, Mount):
            continue  # files, which FILES stands for
        nested = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            yield route.path, frozenset(route.methods or ())
        elif nested is not None:
            yield from _below(nested.routes)


def filled(path: str) -> str:
    """Return the path with something in each of its members."""
    known = {"service": "registry", "code": "path-not-found", "name": "registry.BrandRevoked.v1.json"}
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: known.get(found[1], "some-id"), path)


async def addresses(folder: Path) -> dict[str, frozenset[str]]:
    """Return every path of the platform with its methods."""
    start = Start(port=0, data=folder, profile=Profile.DEMO, environ={})
    found: dict[str, frozenset[str]] = {}
    async with assembled(start) as (assembly, _):
        gateway: Gateway = assembly.gateway
        for app in gateway.applications:
            for path, methods in routes_of(app):
                found[filled(path)] = found.get(filled(path), frozenset()) | methods
    return found | dict.fromkeys((*FILES, *NOWHERE), frozenset({"GET"}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def walk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, frozenset[str]]:
    found = await addresses(tmp_path_factory.mktemp("addresses"))
    assert {"/v1/brands", "/docs", "/status.json", "/oauth/token", "/v1/demo/clock", "/mailbox"} <= found.keys()
    assert len(found) > 90
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    folder = tmp_path_factory.mktemp("platform")
    async with platform_on(sqlite_databases(folder), folder, raising=False) as platform:
        yield platform


def lasting(answer: httpx.Response) -> dict[str, str]:
    changing = CHANGING | {"content-length"} if answer.request.url.path in MOVING else CHANGING
    return {name: value for name, value in answer.headers.items() if name not in changing}


async def test_head_is_answered_like_get_wherever_there_is_one(
    platform: Platform, walk: dict[str, frozenset[str]]
) -> None:
    wrong = []
    for path in (path for path, methods in walk.items() if "GET" in methods):
        for role in (None, "office"):
            headers = await platform.headers(role)
            got, asked = [await platform.client.request(m, path, headers=headers) for m in ("GET", "HEAD")]
            if (asked.status_code, lasting(asked), asked.content) != (got.status_code, lasting(got), b""):
                wrong.append((path, role, asked.status_code, got.status_code))
    assert wrong == []


async def test_a_method_that_is_not_there_is_refused_and_the_others_are_named(
    platform: Platform, walk: dict[str, frozenset[str]]
) -> None:
    for path, methods in walk.items():
        if path in (*FILES, *NOWHERE):
            continue
        answer = await platform.client.patch(path)
        assert answer.status_code == 405, path
        named = {one.strip() for one in answer.headers["allow"].split(",")}
        assert named <= methods | {"HEAD"}, path
        assert ("GET" in named) == ("HEAD" in named), path


async def test_a_page_of_another_origin_may_send_what_it_needs_to_every_address(
    platform: Platform, walk: dict[str, frozenset[str]]
) -> None:
    for path, methods in walk.items():
        if path.startswith(("/oauth/authorize", "/mailbox")):
            continue  # pages of ours, which no other origin may read
        origin = "http://localhost:5173" if path.startswith(("/oauth", "/.well-known")) else ORIGIN
        for method in sorted(methods | ({"HEAD"} if "GET" in methods else set())):
            asked = {
                "Origin": origin,
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": ", ".join(sorted(FIELDS)),
            }
            answer = await platform.client.options(path, headers=asked)
            assert (answer.status_code, answer.text) == (200, "OK"), (method, path)
            allowed = {one.strip().lower() for one in answer.headers["access-control-allow-headers"].split(",")}
            assert allowed >= FIELDS, path


async def test_nothing_that_is_answered_names_the_host_that_the_caller_named(
    platform: Platform, walk: dict[str, frozenset[str]]
) -> None:
    said = {"Host": EVIL, "X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "Forwarded": f"host={EVIL}"}
    led_away = []
    for path, methods in walk.items():
        for spelling in (path, f"{path}/", f"/{path}", f"{path}//"):
            for method in sorted(methods & {"GET", "POST"}):
                headers = await platform.headers("office", method) | said
                answer = await platform.client.request(method, spelling, headers=headers)
                if EVIL in str(answer.headers) or EVIL in answer.text:
                    led_away.append((method, spelling, answer.status_code))
    assert led_away == []
