"""Quotas: reported on every answer, counted once per request and for the right caller."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from common.kernel.errors import MingpaiError
from common.web.access.limits import Limits, LimitsMiddleware, RateLimiter, address_of, charge
from common.web.answers.problems import answer
from common.web.correlation import CorrelationMiddleware
from common.web.documents.openapi import GUIDE
from common.wire import WireSettings

POLICY = '"default";q=3;w=3600'
ANNOUNCEMENT_READS, DEADLINE_WRITES, HOUR = 50, 12, 3_600
"""What one portal does in a second on the day of an announcement and on that of a deadline."""


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


def one_limit(limiter: RateLimiter) -> Limits:
    return Limits(limiter, limiter)


def client(
    limiter: RateLimiter | None = None, address: str = "203.0.113.7", limits: Limits | None = None
) -> httpx.AsyncClient:
    methods = ["GET", "HEAD", "POST", "DELETE"]
    app = Starlette(
        routes=[
            Route("/", page, methods=methods),
            Route("/page", unverified, methods=methods),
            Route("/livez", unverified),
        ],
        middleware=[
            Middleware(CorrelationMiddleware),
            Middleware(LimitsMiddleware, limits=limits or one_limit(limiter or RateLimiter("3/hour"))),
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


async def test_every_answer_reports_what_is_left(web: httpx.AsyncClient) -> None:
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


class Still:
    """A clock in seconds that the test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize(("caller", "per_second"), [("portal", ANNOUNCEMENT_READS), ("office", DEADLINE_WRITES)])
def test_the_default_carries_the_days_on_which_the_province_is_busiest_twice_over(caller: str, per_second: int) -> None:
    clock = Still()
    limiter = RateLimiter(WireSettings().rate_limit, now=clock)
    left = []
    for second in range(HOUR):
        clock.at = 100.0 + second
        assert all(limiter.take(caller) for _ in range(per_second))
        left.append(limiter.left(caller)[0])
    assert min(left) >= per_second * 60  # as many again in each window


def test_what_the_guide_says_of_the_limits_are_the_defaults() -> None:
    wire = WireSettings()
    limits = {**vars_of(Limits.of_service(wire)), **vars_of(Limits.of_issuer(wire))}
    stated = dict(re.findall(r"(?m)^\| `([a-z-]+)` \|.*\| (\d+)/minute \|$", GUIDE))
    assert {name: f'"{name}";q={count};w=60' for name, count in stated.items()} == limits


def vars_of(limits: Limits) -> dict[str, str]:
    return {one.name: one.policy for one in (limits.default, limits.strict)}


def test_the_strict_limits_are_a_share_of_the_general_one_until_they_are_set() -> None:
    shared = WireSettings(rate_limit="100/hour")
    assert vars_of(Limits.of_service(shared))["anonymous-writes"] == '"anonymous-writes";q=2;w=3600'
    assert vars_of(Limits.of_issuer(shared))["tokens"] == '"tokens";q=10;w=3600'
    assert vars_of(Limits.of_service(WireSettings(rate_limit="10/hour")))["anonymous-writes"].endswith("q=1;w=3600")
    own = WireSettings(rate_limit_anonymous_writes="7/minute", rate_limit_tokens="8/minute")
    assert vars_of(Limits.of_service(own))["anonymous-writes"] == '"anonymous-writes";q=7;w=60'
    assert vars_of(Limits.of_issuer(own))["tokens"] == '"tokens";q=8;w=60'


async def test_what_is_no_read_and_names_nobody_is_counted_apart_and_strictly() -> None:
    strict = RateLimiter("1/hour", name="anonymous-writes")
    async with client(limits=Limits(RateLimiter("3/hour"), strict)) as web:
        first, second = await web.post("/"), await web.delete("/")
        assert (first.status_code, second.status_code) == (200, 429)
        assert second.headers["ratelimit-policy"] == '"anonymous-writes";q=1;w=3600'
        assert second.headers["ratelimit"].startswith('"anonymous-writes";r=0;')
        assert remaining(await web.get("/")) == 2
        assert (await web.head("/")).headers["ratelimit"].startswith('"default";r=1;')
        assert remaining(await web.post("/", headers={"Authorization": "one"})) == 2


async def test_a_refused_token_on_a_write_counts_strictly_for_the_address() -> None:
    strict = RateLimiter("1/hour", name="anonymous-writes")
    async with client(limits=Limits(RateLimiter("3/hour"), strict)) as web:
        for _ in range(2):
            assert (await web.post("/page", headers={"Authorization": "made-up"})).status_code == 200
        assert (await web.post("/page")).status_code == 429


def test_callers_who_have_gone_are_forgotten() -> None:
    at = [100.0]
    limiter = RateLimiter("2/minute", now=lambda: at[0])
    for number in range(1_000):
        limiter.take(f"caller {number}")

    at[0] += 61
    limiter.take("one")

    assert len(limiter.callers) == 1
