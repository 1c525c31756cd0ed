"""Spans continue the trace of their parent, and do nothing when they are not recorded."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from common.observability.tracing import OFF, Kind, exporting, is_sampled

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = f"00-{TRACE}-00f067aa0ba902b7-00"


@pytest.mark.parametrize("parent", [None, PARENT, "not a traceparent"])
def test_without_an_exporter_a_span_forwards_its_parent(parent: str | None) -> None:
    with exporting(None) as tracing_of, tracing_of("registry").span("work", Kind.CONSUMER, parent=parent) as span:
        span.note("key", "value")
        span.rename("name")
        span.fail("code")

    assert tracing_of("registry") is OFF
    assert span.traceparent == parent


def test_a_span_continues_the_trace_of_its_parent_and_links_its_other_causes() -> None:
    spans = InMemorySpanExporter()
    with exporting(None, spans) as tracing_of:
        span = tracing_of("registry").span(
            "work", Kind.PRODUCER, parent=PARENT, links=[OTHER, "broken"], attributes={"n": 2}
        )
        with span:
            span.note("more", "yes")

    (found,) = spans.get_finished_spans()
    assert found.context is not None
    assert span.traceparent == f"00-{TRACE}-{found.context.span_id:016x}-01"
    assert found.parent is not None
    assert f"{found.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert [f"{link.context.span_id:016x}" for link in found.links] == ["b7ad6b7169203331"]
    assert dict(found.attributes or {}) == {"n": 2, "more": "yes"}
    assert found.resource.attributes["service.name"] == "registry"


@pytest.mark.parametrize("parent", [None, "", "ff" + PARENT[2:], f"00-{'0' * 32}-00f067aa0ba902b7-01"])
def test_without_a_valid_parent_a_span_starts_a_trace(parent: str | None) -> None:
    spans = InMemorySpanExporter()
    around = trace.SpanContext(1, 2, is_remote=False, trace_flags=trace.TraceFlags(1))
    with (
        exporting(None, spans) as tracing_of,
        trace.use_span(trace.NonRecordingSpan(around)),  # a library's own span, which did not cause the work
        tracing_of("registry").span("work", Kind.SERVER, parent=parent) as span,
    ):
        pass

    (found,) = spans.get_finished_spans()
    assert found.parent is None
    assert is_sampled(span.traceparent)


def test_a_trace_that_its_starter_does_not_record_is_forwarded_unrecorded() -> None:
    spans = InMemorySpanExporter()
    with exporting(None, spans) as tracing_of, tracing_of("a").span("b", Kind.CONSUMER, parent=UNSAMPLED) as span:
        pass

    assert spans.get_finished_spans() == ()
    assert span.traceparent is not None
    assert (span.traceparent[:36], span.traceparent[-3:]) == (UNSAMPLED[:36], "-00")
    assert span.traceparent != UNSAMPLED


def test_an_error_inside_is_recorded_by_its_type_alone() -> None:
    spans = InMemorySpanExporter()
    with (
        exporting(None, spans) as tracing_of,
        pytest.raises(ValueError, match="a@b"),
        tracing_of("registry").span("work", Kind.CONSUMER, parent=None),
    ):
        raise ValueError("a@b.example")

    (found,) = spans.get_finished_spans()
    assert dict(found.attributes or {}) == {"error.type": "ValueError"}
    assert (found.status.is_ok, found.status.description, found.events) == (False, None, ())


def test_the_collector_receives_the_recorded_spans_when_the_process_ends() -> None:
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Write nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        with (
            exporting(f"http://127.0.0.1:{server.server_port}/") as tracing_of,
            tracing_of("registry").span("the name of a span", Kind.SERVER, parent=None),
        ):
            pass
    finally:
        server.shutdown()
        serving.join()
        server.server_close()

    ((path, body),) = received
    assert path == "/v1/traces"
    assert b"the name of a span" in body
    assert b"registry" in body
