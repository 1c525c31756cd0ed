"""Tracing: one trace from the request through outbox, log and reactions to the mail, by the traceparent in each.

Without an exporter a span only forwards its parent's traceparent. Spans contain routes, types and ids, never paths,
queries or texts of errors. FastAPI's own spans contain these and are therefore switched off.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Final, Self, TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

from common.observability.correlation import trace_context

EXPORT_SECONDS: Final = 5.0
"""How long a collector that does not answer may delay the end of a process."""

Kind: TypeAlias = trace.SpanKind
Exporter: TypeAlias = SpanExporter
Attributes: TypeAlias = Mapping[str, str | int]


class Span:
    """A piece of work in a trace; `traceparent` is the parent of the spans that it causes.

    Without a recorder nothing is recorded, and `traceparent` is that of the parent.
    """

    __slots__ = ("_recorder", "traceparent")

    def __init__(self, traceparent: str | None, recorder: trace.Span | None = None) -> None:
        self.traceparent = traceparent
        self._recorder = recorder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._recorder is not None:
            if error is not None:
                self.fail(type(error).__name__)
            self._recorder.end()

    def rename(self, name: str) -> None:
        """Replace the name, when the final one was unknown at the start."""
        if self._recorder is not None:
            self._recorder.update_name(name)

    def note(self, key: str, value: str | int) -> None:
        """Record one more attribute."""
        if self._recorder is not None:
            self._recorder.set_attribute(key, value)

    def fail(self, code: str) -> None:
        """Mark the span as failed, with a code instead of the error's text, which may contain personal data."""
        if self._recorder is not None:
            self._recorder.set_attribute("error.type", code)
            self._recorder.set_status(trace.StatusCode.ERROR)


class Tracing:
    """Makes the spans of one service; without a tracer it makes none."""

    def __init__(self, tracer: trace.Tracer | None = None) -> None:
        self._tracer = tracer
        self.on: Final = tracer is not None

    def span(
        self,
        name: str,
        kind: Kind,
        *,
        parent: str | None,
        links: Iterable[str] = (),
        attributes: Attributes | None = None,
    ) -> Span:
        """Start a span with the traceparent `parent`; a new trace when that is missing or not valid."""
        if self._tracer is None:
            return Span(parent)
        found = _context(parent)
        recorder = self._tracer.start_span(
            name,
            context=Context() if found is None else trace.set_span_in_context(trace.NonRecordingSpan(found), Context()),
            kind=kind,
            attributes=attributes,
            links=[trace.Link(context) for one in links if (context := _context(one)) is not None],
        )
        context = recorder.get_span_context()
        return Span(f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}", recorder)


OFF: Final = Tracing()

Making: TypeAlias = Callable[[str], Tracing]
"""Returns the tracing of the service with this name."""


@contextmanager
def exporting(endpoint: str | None, exporter: Exporter | None = None) -> Iterator[Making]:
    """Send the spans of this process to an OTLP/HTTP collector, or to the given exporter, until the block ends.

    With neither, tracing is off. At the end the remaining spans are sent, for up to `EXPORT_SECONDS`.
    """
    if exporter is None and endpoint is not None:
        exporter = _otlp(endpoint)
    if exporter is None:
        yield lambda _: OFF
        return
    processor = BatchSpanProcessor(exporter)
    try:
        yield partial(_tracing, processor)
    finally:
        processor.shutdown()  # type: ignore[no-untyped-call]  # the SDK's own, without a return type


def _otlp(endpoint: str) -> Exporter:
    # imported here, because it takes a tenth of the start-up time and most processes have no collector
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 -- as said above

    return OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)


def is_sampled(traceparent: str | None) -> bool:
    """Return whether the service that started the trace records it."""
    found = trace_context(traceparent)
    return found is not None and bool(int(found.flags, 16) & trace.TraceFlags.SAMPLED)


def _tracing(processor: SpanProcessor, service: str) -> Tracing:
    resource = Resource({"service.name": service, "service.namespace": "mingpai"})
    # a trace is recorded completely or not at all: the service that started it decides
    provider = TracerProvider(sampler=ParentBased(ALWAYS_ON), resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return Tracing(provider.get_tracer("mingpai"))


def _context(traceparent: str | None) -> trace.SpanContext | None:
    found = trace_context(traceparent)
    if found is None:
        return None
    return trace.SpanContext(
        trace_id=int(found.trace, 16),
        span_id=int(found.span, 16),
        is_remote=True,
        trace_flags=trace.TraceFlags(int(found.flags, 16)),
    )
