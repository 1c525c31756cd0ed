"""Traces and log lines of messaging: a batch carries the traces of its rows, a log line the ids of its event.

The span of a batch belongs to the trace of its first recorded row, and is linked to the spans of the others.
"""

from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from common.kernel.errors import Permanent
from common.kernel.values.sizes import LARGEST
from common.messaging.bus import Record
from common.messaging.relay.runner import Relay, Sent
from common.observability.tracing import exporting
from support.messaging.small import Bench

FIRST = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
SECOND = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNRECORDED = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-00"


async def published(bench: Bench, *parents: str | None) -> tuple[ReadableSpan, ...]:
    """Publish one row per traceparent in one batch; returns the spans."""
    async with bench.database.write() as connection:
        for number, parent in enumerate(parents, 1):
            row = bench.row(f"a-{number}") | {"headers": {"ce_traceparent": parent} if parent else {}}
            await connection.execute(insert(bench.records.outbox).values(row))
        await connection.commit()
    spans = InMemorySpanExporter()
    with exporting(None, spans) as tracing_of:
        instruments = replace(bench.storage.instruments, tracing=tracing_of("bench"))
        storage = replace(bench.storage, instruments=instruments)
        assert await Relay(storage, bench.bus, bench.retries).once() == Sent(len(parents), len(parents))
    return spans.get_finished_spans()


async def test_a_batch_continues_the_trace_of_its_first_row_and_links_the_others(bench: Bench) -> None:
    (span,) = await published(bench, None, UNRECORDED, FIRST, FIRST, SECOND)

    assert span.name == "relay publish"
    assert span.parent is not None
    assert f"00-{span.parent.trace_id:032x}-{span.parent.span_id:016x}-01" == FIRST
    assert [f"00-{one.context.trace_id:032x}-{one.context.span_id:016x}-01" for one in span.links] == [SECOND]
    assert dict(span.attributes or {}) == {"messaging.batch.message_count": 5}


@pytest.mark.parametrize("parent", [None, UNRECORDED])
async def test_rows_of_no_recorded_trace_are_published_without_a_span(bench: Bench, parent: str | None) -> None:
    assert await published(bench, parent) == ()


HEADERS = {"ce_correlationid": "req_1", "ce_traceparent": FIRST}
IDS = {"event_id": "a-1", "request_id": "req_1", "traceparent": FIRST}


async def test_the_line_about_a_refused_row_carries_its_ids(bench: Bench) -> None:
    async with bench.database.write() as connection:
        row = bench.row("a-1", payload=b"x" * (LARGEST + 1)) | {"headers": HEADERS}
        await connection.execute(insert(bench.records.outbox).values(row))
        await connection.commit()

    with capture_logs() as lines:
        assert await bench.relay().once() == Sent(1, 0)

    assert [line for line in lines if line["event"] == "outbox-row-refused" and IDS.items() <= line.items()] == lines
    assert len(lines) == 1


async def test_the_lines_about_an_event_that_is_retried_and_set_aside_carry_its_ids(bench: Bench) -> None:
    async with bench.database.write() as connection:
        await connection.execute(insert(bench.records.outbox).values(bench.row("a-1") | {"headers": HEADERS}))
        await connection.commit()
    await bench.relay().once()
    attempts = 0

    async def fail(_connection: AsyncConnection, _record: Record, _event: object) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise ValueError("temporary")
        raise Permanent("final")

    consumer = await bench.consumer(fail)
    with capture_logs() as lines:
        await consumer.drain()
        bench.later(1)
        await consumer.drain()
    await consumer.leave()

    assert [line["event"] for line in lines] == ["event-failed", "event-set-aside"]
    assert [{key: line[key] for key in IDS} for line in lines] == [IDS, IDS]
