"""Request ids and traces: kept when sane, made when not, on every answer and in the log."""

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from common.observability.tracing import OFF, Tracing, exporting
from common.web.correlation import CorrelationMiddleware, current_correlation

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def seen(request: Request) -> JSONResponse:
    correlation = current_correlation(request)
    bound = structlog.contextvars.get_contextvars()
    return JSONResponse({"id": correlation.id, "trace": correlation.traceparent, "bound": bound})


async def broken(_request: Request) -> JSONResponse:
    raise ValueError("a@b.example is wrong")


def client(*, middleware: bool = True, tracing: Tracing = OFF) -> httpx.AsyncClient:
    app = Starlette(
        routes=[Route("/", seen), Route("/v1/things/{thing}", seen), Route("/v1/broken", broken)],
    )
    if middleware:
        app.add_middleware(CorrelationMiddleware, tracing=tracing)
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
async def test_a_broken_trace_is_replaced_by_a_new_one(given: str) -> None:
    trace = (await client().get("/", headers={"traceparent": given})).json()["trace"]
    assert trace[:36] not in {given[:36], "00-" + "0" * 32 + "-"}
    assert len(trace) == 55


async def test_nothing_stays_bound_after_the_answer() -> None:
    await client().get("/", headers={"Request-Id": "office-2015-0001"})
    assert "request_id" not in structlog.contextvars.get_contextvars()


async def test_a_request_outside_the_middleware_has_ids_too() -> None:
    answer = (await client(middleware=False).get("/")).json()
    assert answer["id"].startswith("req_")


async def test_a_traced_request_passes_its_span_on_and_records_its_route_and_not_its_path() -> None:
    spans = InMemorySpanExporter()
    with exporting(None, spans) as tracing_of:
        given = {"traceparent": TRACE, "Request-Id": "office-2015-0001"}
        answer = await client(tracing=tracing_of("things")).get("/v1/things/13800138000?q=a@b.example", headers=given)
        await client(tracing=tracing_of("things")).get("/")

    (span,) = spans.get_finished_spans()
    assert span.context is not None
    assert answer.json()["trace"] == f"{TRACE[:36]}{span.context.span_id:016x}-01"
    assert answer.json()["bound"]["traceparent"] == answer.json()["trace"]
    assert (span.name, span.parent and f"{span.parent.span_id:016x}") == ("GET /v1/things/{thing}", TRACE[36:52])
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/v1/things/{thing}",
        "http.response.status_code": 200,
        "mingpai.request_id": "office-2015-0001",
    }


async def test_a_traced_request_that_fails_names_the_error_and_not_its_text() -> None:
    spans = InMemorySpanExporter()
    with exporting(None, spans) as tracing_of, pytest.raises(ValueError, match="is wrong"):
        await client(tracing=tracing_of("things")).get("/v1/broken")

    (span,) = spans.get_finished_spans()
    assert (span.name, span.status.is_ok) == ("GET /v1/broken", False)
    assert dict(span.attributes or {})["error.type"] == "ValueError"
    assert "a@b.example" not in str(span.to_json())
