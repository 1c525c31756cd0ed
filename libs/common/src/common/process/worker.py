"""A service's background work: relays its outbox, reacts to events, follows feeds, runs jobs, seals audit rows."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from common.contracts.catalogue import EVENTS, Decoded, UnknownType, decode
from common.kernel.actor import SYSTEM
from common.kernel.errors import Transient
from common.kernel.event import Audience, Event, topic
from common.kernel.supervised import cancellation_requested, supervised
from common.messaging import metrics
from common.messaging.backoff import Backoff
from common.messaging.bus import Record
from common.messaging.consumer.parking import Waiting
from common.messaging.consumer.runner import Consumer
from common.messaging.consumer.transactions import Group
from common.messaging.relay.runner import Relay
from common.observability.correlation import Correlation
from common.observability.logging import log_context
from common.observability.tracing import Kind, Span
from common.runtime import Runtime
from common.service import Job, Reaction, Service
from common.storage.answers import forget_answers
from common.storage.audit.sealing import LONGEST_TRANSACTION, seal
from common.uploads.keeping import sweep

SEAL_EVERY: Final = timedelta(seconds=2)
SEAL_LATE_EVERY: Final = timedelta(hours=1)
FORGET_EVERY: Final = timedelta(hours=1)
REPORT_EVERY: Final = timedelta(seconds=15)
SWEEP_EVERY: Final = timedelta(minutes=10)
SEAL_LOCK: Final = 7_316_520_152
LONGEST_RETRY_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)
_levels: Final = logging.getLogger(__name__)


async def run_worker(service: Service, runtime: Runtime) -> None:
    """Do the service's background work until cancelled."""
    async with asyncio.TaskGroup() as tasks:

        def begin(name: str, work: Callable[[], Awaitable[None]]) -> None:
            tasks.create_task(supervised(work), name=f"{service.name} {name}")

        begin("relay", Relay(runtime.storage, runtime.ports.bus).run)
        runtime.consumers = [Consumer(runtime.storage, runtime.ports.bus, group) for group in groups(service, runtime)]
        for consumer in runtime.consumers:
            begin(consumer.name, consumer.run)
        for job in (*service.jobs, *HOUSEKEEPING, reporting(service)):
            begin(job.name, partial(repeat, job, runtime))


def groups(service: Service, runtime: Runtime) -> Sequence[Group]:
    """Return the consumer groups of a service: those of its reactions, and one for the feed."""
    found = [_reacting(name, reactions, runtime) for name, reactions in service.readers.items()]
    if service.follows is not None:
        outside = tuple(sorted({name for event in EVENTS.values() for name in event.topics()[1:]}))
        following = service.follows
        found.append(Group(name=f"{service.name}-feed", topics=outside, decode=following.read, follow=following.keep))
    return found


def _reacting(name: str, reactions: Mapping[type[Event], Reaction], runtime: Runtime) -> Group:
    def wanted(record: Record) -> Decoded | None:
        found = decode(record.headers, record.payload)
        if isinstance(found, UnknownType) or type(found.event) not in reactions:
            return None
        return found

    async def react(connection: AsyncConnection, record: Record, decoded: Any) -> Waiting | None:  # noqa: ANN401 -- what the function `wanted` returned
        context = decoded.envelope
        with (
            _reacting_span(runtime, record, decoded) as span,
            log_context(request_id=context.correlationid, traceparent=span.traceparent, event_id=record.id),
        ):
            correlation = Correlation(id=context.correlationid, caused_by=context.id, traceparent=span.traceparent)
            work = runtime.work(connection, actor=SYSTEM, correlation=correlation)
            try:
                waiting = await reactions[type(decoded.event)](work, decoded.event)
                if waiting is None:
                    await work.write()
                else:
                    span.note("mingpai.waiting_for", waiting.awaited)
                _log_reaction(runtime, decoded, waiting)
                return waiting
            finally:
                await work.close()

    producers = sorted({event.service for event in reactions})
    topics = tuple(topic(producer, Audience.INTERNAL) for producer in producers)
    return Group(name=name, topics=topics, decode=wanted, handle=react)


def _reacting_span(runtime: Runtime, record: Record, decoded: Decoded) -> Span:
    """Begin the span of a reaction, as a child of the span that recorded the event."""
    parent = decoded.envelope.traceparent
    if not runtime.ports.instruments.tracing.on:
        return Span(parent)
    return runtime.ports.instruments.tracing.span(
        f"consume {type(decoded.event).versioned_name()}",
        Kind.CONSUMER,
        parent=parent,
        attributes={
            "messaging.destination.name": record.topic,
            "messaging.message.id": record.id,
            "mingpai.request_id": decoded.envelope.correlationid,
        },
    )


def _log_reaction(runtime: Runtime, decoded: Decoded, waiting: Waiting | None) -> None:
    """Log a reaction, at the level DEBUG."""
    if _levels.isEnabledFor(logging.DEBUG):  # checked first: there may be thousands of events a second
        name = type(decoded.event).versioned_name()
        log.debug("event-answered", service=runtime.service, type=name, waits_for=waiting.awaited if waiting else None)


async def repeat(job: Job, runtime: Runtime, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Run a job at its interval, and at once while it has more to do; after a failure retry with backoff."""
    interval = job.every.total_seconds()
    backoff = Backoff(first=2 * interval, factor=2, longest=LONGEST_RETRY_SECONDS)
    failures = 0
    while True:
        try:
            done = await job.run(runtime)
            failures = 0
        except Transient as error:
            failures, done = failures + 1, 0
            log.warning("job-waits", service=runtime.service, job=job.name, reason=error.reason, failures=failures)
        except Exception:  # a defect of one job must not end relay and consumers: logged and retried
            failures, done = failures + 1, 0
            log.exception("job-failed", service=runtime.service, job=job.name, failures=failures)
        if cancellation_requested():
            # Python 3.11's wait_for, inside a client library, may swallow a cancellation that arrives while it waits.
            raise asyncio.CancelledError
        if not done:
            await sleep(backoff.delay(failures) if failures else interval)


async def _seal(runtime: Runtime, *, whole: bool = False) -> int:
    """Seal the newest audit rows, with `whole` also those whose transaction took too long; one process at a time."""
    async with runtime.storage.database.write() as connection:
        if runtime.storage.database.dialect == "postgresql":
            locking = func.pg_advisory_xact_lock if whole else func.pg_try_advisory_xact_lock
            if (await connection.execute(select(locking(SEAL_LOCK)))).scalar_one() is False:
                return 0
        slack = None if whole else LONGEST_TRANSACTION
        sealed = await seal(connection, runtime.storage.records, slack=slack)
        await connection.commit()
        return sealed


async def _forget(runtime: Runtime) -> int:
    async with runtime.transaction(actor=SYSTEM, correlation=runtime.own_correlation()) as work:
        await forget_answers(work, runtime.settings.idempotency_window)
        return 0


def reporting(service: Service) -> Job:
    """Return the job that logs and counts the warnings of a service."""

    async def report(runtime: Runtime) -> int:
        if service.warns is None:
            return 0
        async with runtime.reading(actor=SYSTEM, correlation=runtime.own_correlation()) as work:
            warnings = await service.warns(work)
        metrics.WARNINGS.labels(service.name).set(len(warnings))
        for warning in warnings:
            log.error("service-warns", service=service.name, warning=warning)
        return 0

    return Job(name="report warnings", every=REPORT_EVERY, run=report)


HOUSEKEEPING: Final = (
    Job(name="seal audit", every=SEAL_EVERY, run=_seal),
    Job(name="seal late audit rows", every=SEAL_LATE_EVERY, run=partial(_seal, whole=True)),
    Job(name="forget answers", every=FORGET_EVERY, run=_forget),
    Job(name="sweep uploads", every=SWEEP_EVERY, run=sweep),
)
