"""The consumer runner: reads its partitions concurrently, parks failed events for their next try, sets others aside.

A failing event blocks its key only: no reader waits for a retry. An outage of the database or the bus is waited for and
does not count as an attempt. Every loop can be cancelled at any point without losing anything.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

import structlog

from common.kernel.errors import Transient
from common.kernel.supervised import supervised
from common.messaging import metrics
from common.messaging.backoff import RetryPolicy
from common.messaging.bus import Bus, Partition, Record
from common.messaging.consumer.dead_letters import ids_of
from common.messaging.consumer.judging import Fault, Verdict, fault_of, judge, reason_of
from common.messaging.consumer.kill_switch import PROBES, KillSwitch
from common.messaging.consumer.lag import report_lag
from common.messaging.consumer.parking import ParkedKey
from common.messaging.consumer.splitting import BatchSplitter
from common.messaging.consumer.transactions import Failed, Group, Processed, Transactions
from common.storage.database.engine import Unavailable
from common.storage.database.wakeups import Wakeup
from common.storage.service import ServiceStorage

LIMIT: Final = 500
FETCH_SECONDS: Final = 5.0
REPLAY_EVERY_SECONDS: Final = 1.0
SHORTEST_WAIT_SECONDS: Final = 0.01
LEAVE_SECONDS: Final = 5.0
REPORT_EVERY: Final = timedelta(seconds=15)

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Consumer:
    """One member of one consumer group; call `run`, which ends when cancelled, or `join`, `drain` and `leave`."""

    def __init__(self, storage: ServiceStorage, bus: Bus, group: Group, retries: RetryPolicy | None = None) -> None:
        self._storage = storage
        self._bus = bus
        self._group = group
        self._retries = retries or RetryPolicy()
        self._transactions = Transactions(storage, group)
        self._kill_switch = KillSwitch()
        self._probing = asyncio.Lock()
        self._counted: set[str] = set()  # the failing events that this process has counted for the kill switch
        self._next_try_at: datetime | None = None
        self._subscription = bus.subscribe(group.name, group.topics)
        self._next_offsets: dict[Partition, int] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._assignment: asyncio.Task[None] | None = None
        self._readers: dict[Partition, asyncio.Task[None]] = {}
        self._replay_wakeup = Wakeup()
        self._reported_at: datetime | None = None
        self._log = log.bind(service=storage.service, consumer=group.name)
        self._labels = (storage.service, group.name)
        metrics.PAUSED.labels(*self._labels).set(0)

    @property
    def name(self) -> str:
        """The name of the consumer group."""
        return self._group.name

    @property
    def paused(self) -> bool:
        """Whether most new events fail, so that the consumer only probes (kill_switch.py)."""
        return self._kill_switch.open

    async def run(self) -> None:
        """Read, process and replay until cancelled; an outage of the database or the bus is waited for."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await self._retry_outages(self.join)
                tasks.create_task(supervised(self._subscription.watch))
                while True:
                    replayed = await self.replay()
                    await self._retry_outages(self._report_lag_when_due)
                    if not replayed:
                        await self._replay_wakeup.wait(self._seconds_to_next_turn())
        finally:
            self._tasks = None
            try:
                async with asyncio.timeout(LEAVE_SECONDS):
                    await self.leave()
            except TimeoutError:
                self._log.error("consumer-did-not-leave-in-time", seconds=LEAVE_SECONDS)

    async def join(self) -> None:
        """Join the group. Raises Transient."""
        await self._subscription.start(self)

    async def leave(self) -> None:
        """Leave the group; unfinished transactions are rolled back, and their records are delivered again."""
        await self._subscription.close()

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Seek to the service's own offsets; while `run` is active, a new task does this and starts the readers."""
        if self._tasks is None:
            await self._start_partitions(partitions)
        else:
            self._assignment = self._tasks.create_task(self._start_partitions(partitions))

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Stop the readers of these partitions; their unfinished transactions are rolled back."""
        tasks = [self._readers.pop(one) for one in partitions if one in self._readers]
        if self._assignment is not None:
            tasks.append(self._assignment)
            self._assignment = None
        for one in partitions:
            self._next_offsets.pop(one, None)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def step(self, partition: Partition, *, wait: float = 0.0) -> int:
        """Process the next records of a partition, waiting up to `wait` seconds; returns how many. Raises Transient."""
        records = await self._subscription.fetch(partition, limit=LIMIT, wait=wait)
        if records:
            await self._settle(partition, records)
            self._next_offsets[partition] = records[-1].offset + 1
            self._report_age(records[-1])
            await self._subscription.commit(partition, records[-1].offset + 1)
        return len(records)

    async def replay(self) -> int:
        """Replay the parked keys that are due, in turns; returns how many events were processed."""
        turn = await self._retry_outages(self._transactions.next_turn)
        self._next_try_at = turn.next_at
        if not turn.due and turn.next_at is None:  # nothing is retried any more
            self._counted.clear()
            self._end_pause()  # an operator has skipped everything that failed
        count = 0
        for key in turn.due[:PROBES] if self.paused else turn.due:
            count += await self._replay_key(key)
        return count

    async def drain(self) -> int:
        """Process everything there is now, parked keys included; returns how many records and replayed events."""
        total = 0
        while True:
            count = 0
            for partition in list(self._next_offsets):
                count += await self.step(partition)
            count += await self.replay()
            if not count:
                return total
            total += count

    async def report_lag(self) -> None:
        """Report lag and parked keys as metrics. Raises Transient."""
        await report_lag(self._storage, self._bus, self._group, self._next_offsets)

    async def _start_partitions(self, partitions: Sequence[Partition]) -> None:
        for one, start in (await self._retry_outages(partial(self._start_offsets, partitions))).items():
            await self._subscription.seek(one, start)
            self._next_offsets[one] = start  # from now on records are read; not before the seek
            if self._tasks is not None:
                self._readers[one] = self._tasks.create_task(supervised(partial(self._read, one)))

    async def _start_offsets(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        """Return the next offset of each partition; it is 0 again if the log ends before the stored offset."""
        known = await self._transactions.next_offsets(partitions)
        heads = await self._bus.heads({partition.topic for partition in partitions})
        starts = {one: known.get(one, 0) for one in partitions}
        for one, start in starts.items():
            if start > heads[one]:
                self._log.error("log-ends-before-offset", topic=one.topic, partition=one.number, offset=start)
                await self._transactions.rewind(one)
                starts[one] = 0
        return starts

    async def _read(self, partition: Partition) -> None:
        while True:
            await self._retry_outages(partial(self.step, partition, wait=FETCH_SECONDS))

    async def _settle(self, partition: Partition, records: Sequence[Record]) -> None:
        """Settle every record in order: processed, or parked."""
        batch = BatchSplitter(len(records))
        while batch.remaining:
            rest = records[-batch.remaining :]
            await self._wait_while_exhausted()
            try:
                processed = await self._retry_outages(
                    partial(self._transactions.process, partition, rest[: batch.size])
                )
            except Failed as failed:
                if batch.failed(failed.index):
                    parking = partial(self._transactions.park_failed, partition, failed.record, self._judge(failed))
                    await self._retry_outages(parking)
                    self._replay_wakeup.set()
            else:
                self._note_success(processed)
                for record, verdict in processed.unreadable:
                    self._report(record, verdict)
                if processed.may_be_due:
                    self._replay_wakeup.set()
                batch.committed()

    async def _replay_key(self, key: ParkedKey) -> int:
        """Replay the first events of a key, up to one that fails or waits; returns the number replayed."""
        batch = BatchSplitter(LIMIT)
        while True:
            try:
                replayed = await self._retry_outages(partial(self._transactions.replay, key, batch.size))
            except Failed as failed:
                if batch.failed(failed.index):
                    parking = partial(self._transactions.park_again, key, failed.record, self._judge(failed))
                    await self._retry_outages(parking)
                    if not self.paused:
                        self._replay_wakeup.set()  # its next try may be due before the next turn
                    return 0
            else:
                self._note_success(replayed)
                return replayed.taken

    def _judge(self, failed: Failed) -> Verdict:
        """Decide what is done after a failed attempt, and report it; may pause the consumer."""
        if fault_of(failed.error) is Fault.UNKNOWN and failed.record.id not in self._counted:
            self._counted.add(failed.record.id)
            self._note_failure()
        verdict = judge(
            failed.error,
            failed_before=failed.failed_before,
            retries=self._retries,
            at=self._storage.instruments.system.now(),
            paused=self.paused,
        )
        self._report(failed.record, verdict)
        return verdict

    def _report(self, record: Record, verdict: Verdict) -> None:
        code, reason = reason_of(verdict.error)
        ids = {"topic": record.topic, "code": code, "attempt": verdict.attempts, **ids_of(record)}
        if verdict.is_final:
            metrics.DEAD_LETTERS.labels(*self._labels, code).inc()
            self._log.error("event-set-aside", **ids, reason=reason)
        else:
            metrics.RETRIES.labels(*self._labels).inc()
            self._log.warning("event-failed", **ids, next_try_at=str(verdict.next_try_at))

    def _note_failure(self) -> None:
        was_paused = self.paused
        self._kill_switch.failed()
        if self.paused and not was_paused:
            metrics.PAUSED.labels(*self._labels).set(1)
            self._log.error("consumer-paused")

    def _note_success(self, processed: Processed) -> None:
        if processed.reacted:
            self._end_pause()
            self._kill_switch.succeeded(processed.reacted)

    def _end_pause(self) -> None:
        if self.paused:
            self._kill_switch.close()
            metrics.PAUSED.labels(*self._labels).set(0)
            self._log.info("consumer-resumed")

    async def _wait_while_exhausted(self) -> None:
        """Wait before the next probes when those before have all failed; a success elsewhere ends the wait."""
        async with self._probing:
            if not self._kill_switch.is_exhausted:
                return
            self._kill_switch.waited()
            ways = [
                asyncio.create_task(self._retries.wait(self._kill_switch.waits)),
                asyncio.create_task(self._kill_switch.closed.wait()),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()

    def _seconds_to_next_turn(self) -> float:
        if self._next_try_at is None or self.paused:
            return REPLAY_EVERY_SECONDS
        seconds = (self._next_try_at - self._storage.instruments.system.now()).total_seconds()
        return min(max(seconds, SHORTEST_WAIT_SECONDS), REPLAY_EVERY_SECONDS)

    async def _retry_outages(self, action: Callable[[], Awaitable[T]]) -> T:
        """Repeat the action while database or bus is unavailable: without limit, and without counting attempts."""
        failures = 0
        while True:
            try:
                return await action()
            except Transient as error:
                failures += 1
                metrics.DATABASE_DOWN.labels(*self._labels).inc()
                where = "database" if isinstance(error, Unavailable) else "bus"
                self._log.warning("consumer-waits-for", what=where, reason=error.reason, failures=failures)
                await self._retries.wait(failures)

    async def _report_lag_when_due(self) -> None:
        now = self._storage.instruments.system.now()
        if self._reported_at is None or now - self._reported_at >= REPORT_EVERY:
            await self.report_lag()
            self._reported_at = now

    def _report_age(self, record: Record) -> None:
        published_at = record.headers.get("ce_time")
        try:
            age = self._storage.instruments.system.now() - datetime.fromisoformat(published_at or "")
        except (ValueError, TypeError):
            return  # a record without a readable time has no age; the decoder reports the fault
        metrics.AGE.labels(*self._labels).set(age.total_seconds())
