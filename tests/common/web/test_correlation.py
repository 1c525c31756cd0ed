"""Request ids and traces: kept when sane, made when not, on every answer and in the log."""

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from common.web.correlation import CorrelationMiddleware, current_correlation

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def seen(request: Request) -> JSONResponse:
    correlation = current_correlation(request)
    bound = structlog.contextvars.get_contextvars()
    return JSONResponse({"id": correlation.id, "trace": correlation.traceparent, "bound": bound})


def client(*, middleware: bool = True) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/", seen)])
    if middleware:
        app.add_middleware(CorrelationMiddleware)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_a_sane_request_id_is_kept_and_returned() -> None:
    answer = await client().get("/", headers={"Request-Id": "office-2015-0001"})
    assert answer.headers["Request-Id"] == "office-2015-0001"
    assert answer.json()["id"] == answer.json()["bound"]["request_id"] == "office-2015-0001"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", "<script>alert(1)", "né-12345678", "-leading-dash"])
async def test_another_request_id_is_replaced(given: str) -> None:
    answer = await client().get("/", headers=[(b"Request-Id", given.encode())])
    assert answer.headers["Request-Id"].startswith("req_")


async def test_each_request_gets_an_id_of_its_own() -> None:
    first, second = await client().get("/"), await client().get("/")
    assert first.headers["Request-Id"] != second.headers["Request-Id"]


async def test_a_trace_goes_on_with_a_span_of_our_own() -> None:
    trace = (await client().get("/", headers={"traceparent": TRACE})).json()["trace"]
    assert trace != TRACE
    assert (trace[:36], trace[-3:]) == (TRACE[:36], "-01")


@pytest.mark.parametrize(
    "given", ["", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", TRACE.replace("00-4b", "ff-4b"), TRACE + "x"]
)
async def test_a_broken_trace_is_begun_anew(given: str) -> None:
    trace = (await client().get("/", headers={"traceparent": given})).json()["trace"]
    assert trace[:36] not in {given[:36], "00-" + "0" * 32 + "-"}
    assert len(trace) == 55


async def test_nothing_stays_bound_after_the_answer() -> None:
    await client().get("/", headers={"Request-Id": "office-2015-0001"})
    assert "request_id" not in structlog.contextvars.get_contextvars()


async def test_a_request_outside_the_middleware_has_ids_too() -> None:
    answer = (await client(middleware=False).get("/")).json()
    assert answer["id"].startswith("req_")
