"""Quotas: told on every answer, counted once per request and for the right caller."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from common.errors import MingpaiError
from common.web.correlation import CorrelationMiddleware
from common.web.limits import LimitsMiddleware, RateLimiter, address_of, charge
from common.web.problems import answer

POLICY = '"default";q=3;w=3600'


async def page(request: Request) -> Response:
    """Charge the client that the header names, as the router does after verifying a token."""
    client = request.headers.get("authorization")
    try:
        charge(request, client)
        charge(request, client)
    except MingpaiError as refusal:
        return answer(request, refusal)
    return Response(status_code=int(request.query_params.get("status", "200")))


async def unverified(_: Request) -> Response:
    return Response()


def client(limiter: RateLimiter | None = None, address: str = "203.0.113.7") -> httpx.AsyncClient:
    app = Starlette(
        routes=[Route("/", page), Route("/page", unverified), Route("/livez", unverified)],
        middleware=[
            Middleware(CorrelationMiddleware),
            Middleware(LimitsMiddleware, limiter=limiter or RateLimiter("3/hour")),
        ],
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://test")


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    async with client() as it:
        yield it


def remaining(answered: httpx.Response) -> int:
    assert answered.headers["ratelimit-policy"] == POLICY
    name, left, seconds = answered.headers["ratelimit"].split(";")
    assert name == '"default"'
    assert 0 < int(seconds.removeprefix("t=")) <= 3600
    return int(left.removeprefix("r="))


async def test_every_answer_tells_what_is_left(web: httpx.AsyncClient) -> None:
    assert [remaining(await web.get(path)) for path in ("/", "/page", "/nowhere")] == [2, 1, 0]


async def test_a_spent_quota_is_refused_with_the_time_to_wait(web: httpx.AsyncClient) -> None:
    for _ in range(3):
        await web.get("/")
    refused = await web.get("/page", headers={"Request-Id": "office-0001"})
    assert (refused.status_code, refused.json()["code"], remaining(refused)) == (429, "too-many-requests", 0)
    assert refused.headers["retry-after"] == refused.headers["ratelimit"].partition("t=")[2]
    assert refused.headers["request-id"] == "office-0001"
    assert refused.json()["retryable"] is True


async def test_a_client_is_counted_apart_from_its_address(web: httpx.AsyncClient) -> None:
    for _ in range(3):
        await web.get("/")
    assert remaining(await web.get("/", headers={"Authorization": "one"})) == 2
    assert remaining(await web.get("/", headers={"Authorization": "two"})) == 2
    assert remaining(await web.get("/", headers={"Authorization": "one"})) == 1
    await web.get("/", headers={"Authorization": "one"})
    assert (await web.get("/", headers={"Authorization": "one"})).status_code == 429


async def test_a_token_that_nobody_looked_at_counts_for_the_address(web: httpx.AsyncClient) -> None:
    assert remaining(await web.get("/page", headers={"Authorization": "made-up-1"})) == 2
    assert remaining(await web.get("/page", headers={"Authorization": "made-up-2"})) == 1
    assert remaining(await web.get("/page")) == 0


async def test_an_unchanged_resource_costs_nothing(web: httpx.AsyncClient) -> None:
    assert [remaining(await web.get("/?status=304")) for _ in range(5)] == [3] * 5


async def test_probes_are_not_counted(web: httpx.AsyncClient) -> None:
    assert "ratelimit" not in (await web.get("/livez")).headers
    assert remaining(await web.get("/")) == 2


async def test_apps_of_one_process_may_share_the_counters() -> None:
    limiter = RateLimiter("3/hour")
    await client(limiter).get("/")
    assert remaining(await client(limiter).get("/")) == 1
    assert remaining(await client(limiter, "203.0.113.8").get("/")) == 2


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_caller_is_counted_by_its_network(host: str, counted: str) -> None:
    assert address_of({"client": (host, 1)}) == counted


def test_a_caller_without_an_address_is_counted_too() -> None:
    assert address_of({"client": None}) == "unknown"


def test_a_window_ends_and_begins_with_a_request() -> None:
    at = [100.0]
    limiter = RateLimiter("2/minute", now=lambda: at[0])
    assert [limiter.take("one") for _ in range(3)] == [True, True, False]
    assert limiter.left("one") == (0, 60)

    at[0] += 59
    assert (limiter.take("one"), limiter.take("two"), limiter.left("two")) == (False, True, (1, 60))

    at[0] += 1
    assert (limiter.take("one"), limiter.left("one"), limiter.left("two")) == (True, (1, 60), (1, 59))


def test_callers_who_have_gone_are_forgotten() -> None:
    at = [100.0]
    limiter = RateLimiter("2/minute", now=lambda: at[0])
    for number in range(1_000):
        limiter.take(f"caller {number}")

    at[0] += 61
    limiter.take("one")

    assert len(limiter.callers) == 1
