"""The relay: takes a service's outbox to the bus in the order of `seq`, and deletes what the bus has acknowledged.

One is active per service. Reading behind a remembered position, or two at once, loses or reorders events; reading all
unsent rows from the start, by one, does neither. A row that cannot be published stays, holds up its key and raises an
alarm by age; it is never skipped.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

import structlog
from sqlalchemy import Delete, Row, Select, Table, delete, func, select, tuple_

from common import failpoints
from common.errors import Transient
from common.messaging import metrics
from common.messaging.bus import UNAVAILABLE, Bus, Outgoing, Refusal
from common.messaging.home import Home
from common.messaging.lease import Session, leading
from common.messaging.pace import Pace
from common.storage.engine import Unavailable
from common.storage.lists import among
from common.tracing import Kind, Span, is_sampled

LIMIT: Final = 500
LOOK_SECONDS: Final = 1.0
OBSERVE_EVERY: Final = timedelta(seconds=5)

Unsent: TypeAlias = Row[*tuple[Any, ...]]
"""A row of the outbox: what goes out, in the order of its fields, and `seq`."""

log = structlog.get_logger(__name__)


class Sent(NamedTuple):
    """One round: how many rows waited (up to the limit) and how many of them the bus acknowledged."""

    selected: int
    acknowledged: int


class Relay:
    """Publishes one service's outbox; `run` until cancelled, or `once` at a time."""

    def __init__(self, home: Home, bus: Bus, pace: Pace | None = None) -> None:
        self._home = home
        self._bus = bus
        self._pace = pace or Pace()
        self._held_up: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._observed_at: datetime | None = None
        self._failures = 0

    async def run(self) -> None:
        """Lead, or stand by, and publish until cancelled; a broken database or bus is waited for."""
        while True:
            try:
                async with leading(self._home, self._pace) as session:
                    await self._lead(session)
            except Unavailable as error:
                self._failures += 1
                log.warning("relay-database-unavailable", service=self._home.service, reason=error.reason)
                await self._pace.back_off(self._failures)

    async def _lead(self, session: Session) -> None:
        metrics.RELAY_ACTIVE.labels(self._home.service).set(1)
        try:
            while True:
                sent = await self.once(session)
                await self._observe_now_and_then(session)
                if sent.selected and not sent.acknowledged:
                    self._failures += 1
                    await self._pace.back_off(self._failures)
                    continue
                self._failures = 0
                if sent.selected < LIMIT:
                    await self._home.database.committed.wait(LOOK_SECONDS)
        finally:
            metrics.RELAY_ACTIVE.labels(self._home.service).set(0)

    async def once(self, session: Session | None = None) -> Sent:
        """Publish the first unsent rows and delete the acknowledged ones. Raises Unavailable for our own database."""
        session = session or self._home.database
        rows = await self._unsent(session)
        if not rows:
            return Sent(0, 0)
        failpoints.hit(self._home.service, "before-publish")
        answers = await self._publish(rows)
        failpoints.hit(self._home.service, "after-publish")
        done = self._judge(rows, answers)
        failpoints.hit(self._home.service, "before-delete")
        if done:
            outbox = self._home.records.outbox
            # not durable: a delete that is lost has the rows published again under their ids, which readers absorb
            async with session.write(durable=False) as connection:
                await connection.execute(_deleting(connection.dialect.name, outbox), {"seqs": done})
                await connection.commit()
        metrics.PUBLISHED.labels(self._home.service).inc(len(done))
        return Sent(len(rows), len(done))

    async def observe(self, session: Session | None = None) -> None:
        """Measure what waits: how many rows, and the age of the oldest in seconds."""
        outbox = self._home.records.outbox
        async with (session or self._home.database).read() as connection:
            asked = select(func.count(), func.min(outbox.c.created_at)).select_from(outbox)
            depth, oldest = (await connection.execute(asked)).one()
        age = 0.0 if oldest is None else (self._home.clock.now() - oldest).total_seconds()
        metrics.OUTBOX_DEPTH.labels(self._home.service).set(depth)
        metrics.OUTBOX_AGE.labels(self._home.service).set(age)

    async def _observe_now_and_then(self, session: Session) -> None:
        now = self._home.clock.now()
        if self._observed_at is None or now - self._observed_at >= OBSERVE_EVERY:
            self._observed_at = now
            await self.observe(session)

    async def _unsent(self, session: Session) -> Sequence[Unsent]:
        """Read the first rows, leaving out keys whose refused row is not to be tried again yet: others go on."""
        outbox = self._home.records.outbox
        asked = _first_rows(outbox)
        now = self._home.clock.now()
        resting = [key for key, (_, due_at) in self._held_up.items() if due_at > now]
        if resting:
            asked = asked.where(tuple_(outbox.c.topic, outbox.c.key).not_in(resting))
        async with session.read() as connection:
            return (await connection.execute(asked)).all()

    async def _publish(self, rows: Sequence[Unsent]) -> Sequence[Refusal | None]:
        batch = [Outgoing._make(row[:-1]) for row in rows]
        try:
            with self._span(rows):
                return await self._bus.publish(batch)
        except Transient as error:
            log.warning("bus-unavailable", service=self._home.service, reason=error.reason, rows=len(rows))
            metrics.PUBLISH_FAILURES.labels(self._home.service, UNAVAILABLE).inc(len(rows))
            return [Refusal(UNAVAILABLE, error.reason)] * len(rows)

    def _span(self, rows: Sequence[Unsent]) -> Span:
        """Begin the span of a batch: in the trace of its first row, linked to the spans that told the others."""
        if not self._home.tracing.on:
            return Span(None)
        told = dict.fromkeys(parent for row in rows if is_sampled(parent := row.headers.get("ce_traceparent")))
        if not told:
            return Span(None)
        first, *others = told
        counted = {"messaging.batch.message_count": len(rows)}
        return self._home.tracing.span("relay publish", Kind.PRODUCER, parent=first, links=others, attributes=counted)

    def _judge(self, rows: Sequence[Unsent], answers: Sequence[Refusal | None]) -> list[int]:
        """Return what may be deleted: the acknowledged rows, but none behind an unacknowledged one of its key."""
        if not any(answers) and not self._held_up:
            return [row[-1] for row in rows]
        stopped: dict[tuple[str, str], Refusal] = {}
        done = []
        for row, answer in zip(rows, answers, strict=True):
            key = (row.topic, row.key)
            if key not in stopped and answer is None:
                done.append(row.seq)
                self._held_up.pop(key, None)
            elif key not in stopped and answer is not None:
                stopped[key] = answer
                self._tell(row, answer)
        for key, refusal in stopped.items():
            # it is these keys that are in trouble, not the whole bus: they must not fill the next round
            if done or refusal.code != UNAVAILABLE:
                failures = self._held_up.get(key, (0, None))[0] + 1
                self._held_up[key] = (failures, self._home.clock.now() + timedelta(seconds=self._pace.delay(failures)))
        return done

    def _tell(self, row: Row[Any], answer: Refusal) -> None:
        if answer.code == UNAVAILABLE:
            return
        metrics.PUBLISH_FAILURES.labels(self._home.service, answer.code).inc()
        log.error(
            "outbox-row-refused",
            service=self._home.service,
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
