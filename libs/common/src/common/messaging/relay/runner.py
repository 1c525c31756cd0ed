"""The relay: publishes a service's outbox in the order of `seq`, and deletes what the bus has acknowledged.

One relay is active per service, and it always reads from the first unsent row: a remembered position, or two active
relays, could lose or reorder events. A row that cannot be published stays in the outbox, blocks its key and raises an
alarm by its age; it is never skipped.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

import structlog
from sqlalchemy import Delete, Row, Select, Table, delete, func, select, tuple_

from common.kernel import failpoints
from common.kernel.errors import Transient
from common.messaging import metrics
from common.messaging.backoff import RetryPolicy
from common.messaging.bus import UNAVAILABLE, Bus, Outgoing, Refusal
from common.messaging.relay.lease import LeaseTiming, Session, leading
from common.observability.tracing import Kind, Span, is_sampled
from common.storage.database.engine import Unavailable
from common.storage.lists import among
from common.storage.service import ServiceStorage

LIMIT: Final = 500
POLL_SECONDS: Final = 1.0
REPORT_EVERY: Final = timedelta(seconds=5)

Unsent: TypeAlias = Row[*tuple[Any, ...]]
"""A row of the outbox: the fields of `Outgoing` in their order, and `seq`."""

log = structlog.get_logger(__name__)


class Sent(NamedTuple):
    """One round: how many rows were selected (up to the limit) and how many of them the bus acknowledged."""

    selected: int
    acknowledged: int


class Relay:
    """Publishes one service's outbox; `run` until cancelled, or `once` at a time."""

    def __init__(
        self, storage: ServiceStorage, bus: Bus, retries: RetryPolicy | None = None, lease: LeaseTiming | None = None
    ) -> None:
        self._storage = storage
        self._bus = bus
        self._retries = retries or RetryPolicy()
        self._lease = lease or LeaseTiming()
        self._blocked: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._reported_at: datetime | None = None
        self._failures = 0

    async def run(self) -> None:
        """Wait for the lease and publish until cancelled; continue after an outage of database or bus."""
        while True:
            try:
                async with leading(self._storage, self._lease) as session:
                    await self._publish_while_leading(session)
            except Unavailable as error:
                self._failures += 1
                log.warning("relay-database-unavailable", service=self._storage.service, reason=error.reason)
                await self._retries.wait(self._failures)

    async def _publish_while_leading(self, session: Session) -> None:
        metrics.RELAY_ACTIVE.labels(self._storage.service).set(1)
        try:
            while True:
                sent = await self.once(session)
                await self._report_backlog_when_due(session)
                if sent.selected and not sent.acknowledged:
                    self._failures += 1
                    await self._retries.wait(self._failures)
                    continue
                self._failures = 0
                if sent.selected < LIMIT:
                    await self._storage.database.committed.wait(POLL_SECONDS)
        finally:
            metrics.RELAY_ACTIVE.labels(self._storage.service).set(0)

    async def once(self, session: Session | None = None) -> Sent:
        """Publish the first unsent rows and delete the acknowledged ones. Raises Unavailable for our own database."""
        session = session or self._storage.database
        rows = await self._unsent(session)
        if not rows:
            return Sent(0, 0)
        failpoints.hit(self._storage.service, "before-publish")
        answers = await self._publish(rows)
        failpoints.hit(self._storage.service, "after-publish")
        done = self._judge(rows, answers)
        failpoints.hit(self._storage.service, "before-delete")
        if done:
            outbox = self._storage.records.outbox
            # not durable: after a lost delete the rows are published again under the same ids, which readers absorb
            async with session.write(durable=False) as connection:
                await connection.execute(_deleting(connection.dialect.name, outbox), {"seqs": done})
                await connection.commit()
        metrics.PUBLISHED.labels(self._storage.service).inc(len(done))
        return Sent(len(rows), len(done))

    async def report_backlog(self, session: Session | None = None) -> None:
        """Report as metrics how many rows wait, and the age of the oldest in seconds."""
        outbox = self._storage.records.outbox
        async with (session or self._storage.database).read() as connection:
            asked = select(func.count(), func.min(outbox.c.created_at)).select_from(outbox)
            depth, oldest = (await connection.execute(asked)).one()
        age = 0.0 if oldest is None else (self._storage.instruments.system.now() - oldest).total_seconds()
        metrics.OUTBOX_DEPTH.labels(self._storage.service).set(depth)
        metrics.OUTBOX_AGE.labels(self._storage.service).set(age)

    async def _report_backlog_when_due(self, session: Session) -> None:
        now = self._storage.instruments.system.now()
        if self._reported_at is None or now - self._reported_at >= REPORT_EVERY:
            self._reported_at = now
            await self.report_backlog(session)

    async def _unsent(self, session: Session) -> Sequence[Unsent]:
        """Read the first rows, except those of keys whose refused row is not due for a retry."""
        outbox = self._storage.records.outbox
        asked = _first_rows(outbox)
        now = self._storage.instruments.system.now()
        not_due = [key for key, (_, due_at) in self._blocked.items() if due_at > now]
        if not_due:
            asked = asked.where(tuple_(outbox.c.topic, outbox.c.key).not_in(not_due))
        async with session.read() as connection:
            return (await connection.execute(asked)).all()

    async def _publish(self, rows: Sequence[Unsent]) -> Sequence[Refusal | None]:
        batch = [Outgoing._make(row[:-1]) for row in rows]
        try:
            with self._span(rows):
                return await self._bus.publish(batch)
        except Transient as error:
            log.warning("bus-unavailable", service=self._storage.service, reason=error.reason, rows=len(rows))
            metrics.PUBLISH_FAILURES.labels(self._storage.service, UNAVAILABLE).inc(len(rows))
            return [Refusal(UNAVAILABLE, error.reason)] * len(rows)

    def _span(self, rows: Sequence[Unsent]) -> Span:
        """Begin the span of a batch: in the trace of its first row, linked to the spans that recorded the others."""
        if not self._storage.instruments.tracing.on:
            return Span(None)
        parents = dict.fromkeys(parent for row in rows if is_sampled(parent := row.headers.get("ce_traceparent")))
        if not parents:
            return Span(None)
        first, *others = parents
        counted = {"messaging.batch.message_count": len(rows)}
        return self._storage.instruments.tracing.span(
            "relay publish", Kind.PRODUCER, parent=first, links=others, attributes=counted
        )

    def _judge(self, rows: Sequence[Unsent], answers: Sequence[Refusal | None]) -> list[int]:
        """Return the `seq` of acknowledged rows, except those behind an unacknowledged row of the same key."""
        if not any(answers) and not self._blocked:
            return [row[-1] for row in rows]
        stopped: dict[tuple[str, str], Refusal] = {}
        done = []
        for row, answer in zip(rows, answers, strict=True):
            key = (row.topic, row.key)
            if key not in stopped and answer is None:
                done.append(row.seq)
                self._blocked.pop(key, None)
            elif key not in stopped and answer is not None:
                stopped[key] = answer
                self._report_refusal(row, answer)
        for key, refusal in stopped.items():
            # these keys are at fault, not the whole bus: they must not fill the next round
            if done or refusal.code != UNAVAILABLE:
                failures = self._blocked.get(key, (0, None))[0] + 1
                delay = timedelta(seconds=self._retries.backoff.delay(failures))
                self._blocked[key] = (failures, self._storage.instruments.system.now() + delay)
        return done

    def _report_refusal(self, row: Row[Any], answer: Refusal) -> None:
        if answer.code == UNAVAILABLE:
            return
        metrics.PUBLISH_FAILURES.labels(self._storage.service, answer.code).inc()
        log.error(
            "outbox-row-refused",
            service=self._storage.service,
            topic=row.topic,
            event_id=row.id,
            request_id=row.headers.get("ce_correlationid"),
            traceparent=row.headers.get("ce_traceparent"),
            code=answer.code,
            reason=answer.reason,
        )


@cache
def _first_rows(outbox: Table) -> Select[*tuple[Any, ...]]:
    return select(*(outbox.c[name] for name in Outgoing._fields), outbox.c.seq).order_by(outbox.c.seq).limit(LIMIT)


@cache
def _deleting(dialect: str, outbox: Table) -> Delete:
    return delete(outbox).where(outbox.c.seq.in_(among(dialect, "seqs", int)))
