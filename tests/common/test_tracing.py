"""Spans go on in the trace that they are given, and cost nothing where nobody records them."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from common.tracing import OFF, Kind, exporting, is_sampled

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = f"00-{TRACE}-00f067aa0ba902b7-00"


@pytest.mark.parametrize("parent", [None, PARENT, "what nobody reads"])
def test_switched_off_a_span_hands_on_what_it_was_given(parent: str | None) -> None:
    with exporting(None) as tracing_of, tracing_of("registry").span("work", Kind.CONSUMER, parent=parent) as span:
        span.note("key", "value")
        span.rename("name")
        span.fail("code")

    assert tracing_of("registry") is OFF
    assert span.traceparent == parent


def test_a_span_goes_on_in_the_trace_of_its_parent_and_names_what_else_it_came_of() -> None:
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
def test_without_a_valid_parent_a_span_begins_a_trace(parent: str | None) -> None:
    spans = InMemorySpanExporter()
    around = trace.SpanContext(1, 2, is_remote=False, trace_flags=trace.TraceFlags(1))
    with (
        exporting(None, spans) as tracing_of,
        trace.use_span(trace.NonRecordingSpan(around)),  # a library's own, which is not what caused the work
        tracing_of("registry").span("work", Kind.SERVER, parent=parent) as span,
    ):
        pass

    (found,) = spans.get_finished_spans()
    assert found.parent is None
    assert is_sampled(span.traceparent)


def test_a_trace_that_its_beginner_does_not_record_is_handed_on_unrecorded() -> None:
    spans = InMemorySpanExporter()
    with exporting(None, spans) as tracing_of, tracing_of("a").span("b", Kind.CONSUMER, parent=UNSAMPLED) as span:
        pass

    assert spans.get_finished_spans() == ()
    assert span.traceparent is not None
    assert (span.traceparent[:36], span.traceparent[-3:]) == (UNSAMPLED[:36], "-00")
    assert span.traceparent != UNSAMPLED


def test_an_error_inside_is_told_by_its_type_alone() -> None:
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


def test_a_collector_gets_what_was_recorded_when_the_process_ends() -> None:
    taken: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

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

    ((path, body),) = taken
    assert path == "/v1/traces"
    assert b"the name of a span" in body
    assert b"registry" in body
