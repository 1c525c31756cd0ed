"""What a service does beside answering: relays its outbox, reacts to events, follows feeds, runs jobs, seals audit."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from common.actor import SYSTEM
from common.contracts.catalogue import EVENTS, Decoded, UnknownType, decode
from common.contracts.envelope import Audience, topic
from common.correlation import Correlation
from common.errors import Transient
from common.lasting import lasting, told_to_end
from common.logging import log_context
from common.messaging.bus import Record
from common.messaging.consumer import Consumer
from common.messaging.home import Home
from common.messaging.parking import Waiting
from common.messaging.relay import Relay
from common.messaging.taking import Group
from common.runtime import Runtime
from common.service import Job, Service
from common.storage.sealing import seal
from common.tracing import Kind, Span
from common.web.idempotency import forget_old

SEAL_EVERY: Final = timedelta(seconds=2)
FORGET_EVERY: Final = timedelta(hours=1)
SEAL_LOCK: Final = 7_316_520_152
LONGEST_PAUSE: Final = 30.0

log = structlog.get_logger(__name__)
_levels: Final = logging.getLogger(__name__)


async def run_worker(service: Service, runtime: Runtime) -> None:
    """Do the service's background work until cancelled."""
    async with asyncio.TaskGroup() as tasks:

        def begin(name: str, work: Coroutine[Any, Any, None]) -> None:
            tasks.create_task(lasting(work), name=f"{service.name} {name}")

        begin("relay", Relay(home_of(runtime), runtime.bus).run())
        for group in groups(service, runtime):
            begin(group.name, Consumer(home_of(runtime), runtime.bus, group).run())
        for job in (*service.jobs, *HOUSEKEEPING):
            begin(job.name, repeat(job, runtime))


def home_of(runtime: Runtime) -> Home:
    """Return the service as messaging sees it."""
    return Home(
        service=runtime.service,
        database=runtime.database,
        records=runtime.records,
        clock=runtime.system,
        tracing=runtime.tracing,
    )


def groups(service: Service, runtime: Runtime) -> Sequence[Group]:
    """Return the consumer groups of a service: one for its reactions, one for what it follows as bytes."""
    found: list[Group] = []
    if service.consumes:
        internal = tuple(topic(producer, Audience.INTERNAL) for producer in service.producers)
        found.append(_reacting(service, runtime, internal))
    if service.follows is not None:
        outside = tuple(sorted({name for event in EVENTS.values() for name in event.topics()[1:]}))
        found.append(Group(name=f"{service.name}-feed", topics=outside, follow=service.follows))
    return found


def _reacting(service: Service, runtime: Runtime, topics: tuple[str, ...]) -> Group:
    def wanted(record: Record) -> Decoded | None:
        found = decode(record.headers, record.payload)
        if isinstance(found, UnknownType) or type(found.event) not in service.consumes:
            return None
        return found

    async def react(connection: AsyncConnection, record: Record, decoded: Any) -> Waiting | None:  # noqa: ANN401 -- `wanted` made it
        context = decoded.envelope
        with (
            _reacting_span(runtime, record, decoded) as span,
            log_context(request_id=context.correlationid, traceparent=span.traceparent, event_id=record.id),
        ):
            correlation = Correlation(id=context.correlationid, caused_by=context.id, traceparent=span.traceparent)
            work = runtime.work(connection, actor=SYSTEM, correlation=correlation)
            try:
                waiting = await service.consumes[type(decoded.event)](work, decoded.event)
                if waiting is None:
                    await work.write()
                else:
                    span.note("mingpai.waiting_for", waiting.awaited)
                _tell(service, decoded, waiting)
                return waiting
            finally:
                await work.close()

    return Group(name=service.name, topics=topics, decode=wanted, handle=react)


def _reacting_span(runtime: Runtime, record: Record, decoded: Decoded) -> Span:
    """Begin the span of a reaction behind the span that told the event."""
    parent = decoded.envelope.traceparent
    if not runtime.tracing.on:
        return Span(parent)
    return runtime.tracing.span(
        f"consume {type(decoded.event).versioned_name()}",
        Kind.CONSUMER,
        parent=parent,
        attributes={
            "messaging.destination.name": record.topic,
            "messaging.message.id": record.id,
            "mingpai.request_id": decoded.envelope.correlationid,
        },
    )


def _tell(service: Service, decoded: Decoded, waiting: Waiting | None) -> None:
    """Write a reaction down, where somebody wants to read of each."""
    if _levels.isEnabledFor(logging.DEBUG):  # asked first: thousands of events go by in a second
        name = type(decoded.event).versioned_name()
        log.debug("event-answered", service=service.name, type=name, waits_for=waiting.awaited if waiting else None)


async def repeat(job: Job, runtime: Runtime) -> None:
    """Run a job again and again; an outage of what it needs is waited for with growing pauses."""
    failures = 0
    while True:
        try:
            done = await job.run(runtime)
            failures = 0
        except Transient as error:
            failures, done = failures + 1, 0
            log.warning("job-waits", service=runtime.service, job=job.name, reason=error.reason, failures=failures)
        except Exception:  # a defect of one job must not end relay and consumers; it is told and tried again
            failures, done = failures + 1, 0
            log.exception("job-failed", service=runtime.service, job=job.name, failures=failures)
        if told_to_end():
            # Python 3.11's wait_for, inside a client library, may swallow the cancellation it is waiting under.
            raise asyncio.CancelledError
        if not done:
            await asyncio.sleep(min(job.every.total_seconds() * 2**failures, LONGEST_PAUSE))


async def _seal(runtime: Runtime) -> int:
    async with runtime.database.write() as connection:
        if runtime.database.dialect == "postgresql":
            alone = await connection.execute(select(func.pg_try_advisory_xact_lock(SEAL_LOCK)))
            if not alone.scalar_one():
                return 0
        sealed = await seal(connection, runtime.records)
        await connection.commit()
        return sealed


async def _forget(runtime: Runtime) -> int:
    async with runtime.transaction(actor=SYSTEM, correlation=Correlation(id=runtime.ids(None))) as work:
        await forget_old(runtime, work)
        return 0


HOUSEKEEPING: Final = (
    Job(name="seal audit", every=SEAL_EVERY, run=_seal),
    Job(name="forget answers", every=FORGET_EVERY, run=_forget),
)
