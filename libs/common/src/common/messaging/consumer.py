"""The consumer runner: reads its partitions side by side, tries again what failed, sets aside what will not be.

A failing event holds up its own partition while it is tried again; given up, it parks its key and the others go on.
An outage of the database spends nobody's budget. Every loop ends when it is cancelled, and loses nothing by it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

import structlog

from common.errors import Permanent, Transient
from common.lasting import lasting
from common.messaging import metrics
from common.messaging.bus import Bus, Partition, Record
from common.messaging.dead_letters import Verdict, ids_of, reason_of
from common.messaging.home import Home
from common.messaging.observing import observe
from common.messaging.pace import Pace
from common.messaging.parking import ParkedKey
from common.messaging.switch import KillSwitch
from common.messaging.taking import Failed, Group, Taking
from common.storage.engine import Unavailable
from common.storage.wakeups import Wakeup

LIMIT: Final = 500
FETCH_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 1.0
CLOSE_SECONDS: Final = 5.0
OBSERVE_EVERY: Final = timedelta(seconds=15)

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Consumer:
    """One reader of one group; `run` until cancelled, or `join`, `drain` and `leave` by hand."""

    def __init__(self, home: Home, bus: Bus, group: Group, pace: Pace | None = None) -> None:
        self._home = home
        self._bus = bus
        self._group = group
        self._pace = pace or Pace()
        self._taking = Taking(home, group)
        self._switch = KillSwitch()
        self._subscription = bus.subscribe(group.name, group.topics)
        self._next: dict[Partition, int] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._taking_over: asyncio.Task[None] | None = None
        self._reading: dict[Partition, asyncio.Task[None]] = {}
        self._replays = Wakeup()
        self._observed_at: datetime | None = None
        self._log = log.bind(service=home.service, consumer=group.name)
        self._labels = (home.service, group.name)

    async def run(self) -> None:
        """Read, take and replay until cancelled; a broken database or bus is waited for."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await self._insist(self.join)
                tasks.create_task(lasting(self._subscription.watch()))
                while True:
                    await self.replay()
                    await self._insist(self._observe_now_and_then)
                    await self._replays.wait(LOOK_SECONDS)
        finally:
            self._tasks = None
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.leave()
            except TimeoutError:
                self._log.error("consumer-did-not-leave-in-time", seconds=CLOSE_SECONDS)

    async def join(self) -> None:
        """Join the group. Raises Transient."""
        await self._subscription.start(self)

    async def leave(self) -> None:
        """Leave the group; what is being worked on is undone and comes again."""
        await self._subscription.close()

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Take partitions over where the service's own record says; running, it is done and then read beside this."""
        if self._tasks is None:
            await self._take_over(partitions)
        else:
            self._taking_over = self._tasks.create_task(self._take_over(partitions))

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Give partitions up: drop what is being worked on."""
        tasks = [self._reading.pop(one) for one in partitions if one in self._reading]
        if self._taking_over is not None:
            tasks.append(self._taking_over)
            self._taking_over = None
        for one in partitions:
            self._next.pop(one, None)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def step(self, partition: Partition, *, wait: float = 0.0) -> int:
        """Take the next records of a partition, waiting for the first; returns how many it was. Raises Transient."""
        records = await self._subscription.fetch(partition, limit=LIMIT, wait=wait)
        if records:
            await self._settle(partition, records)
            self._next[partition] = records[-1].offset + 1
            self._show_age(records[-1])
            await self._subscription.commit(partition, records[-1].offset + 1)
        return len(records)

    async def replay(self) -> int:
        """Replay the parked keys that may go on; returns how many events were taken."""
        count = 0
        for key in await self._insist(self._taking.ready):
            count += await self._settle_key(key)
        return count

    async def drain(self) -> int:
        """Take everything there is now, parked keys included; returns how many records and replayed events it was."""
        total = 0
        while True:
            count = 0
            for partition in list(self._next):
                count += await self.step(partition)
            count += await self.replay()
            if not count:
                return total
            total += count

    async def observe(self) -> None:
        """Measure lag and parked keys. Raises Transient."""
        await observe(self._home, self._bus, self._group, self._next)

    async def _take_over(self, partitions: Sequence[Partition]) -> None:
        for one, start in (await self._insist(partial(self._starts, partitions))).items():
            await self._subscription.seek(one, start)
            self._next[one] = start  # from here on it is read: not before it stands where it goes on
            if self._tasks is not None:
                self._reading[one] = self._tasks.create_task(lasting(self._read(one)))

    async def _starts(self, partitions: Sequence[Partition]) -> Mapping[Partition, int]:
        """Return where each goes on; one whose log is shorter than what was taken of it is begun anew."""
        known = await self._taking.positions(partitions)
        heads = await self._bus.heads({partition.topic for partition in partitions})
        starts = {one: known.get(one, 0) for one in partitions}
        for one, start in starts.items():
            if start > heads[one]:
                self._log.error("log-shorter-than-taken", topic=one.topic, partition=one.number, taken=start)
                await self._taking.rewind(one)
                starts[one] = 0
        return starts

    async def _read(self, partition: Partition) -> None:
        while True:
            await self._insist(partial(self.step, partition, wait=FETCH_SECONDS))

    async def _settle(self, partition: Partition, records: Sequence[Record]) -> None:
        """See every record taken, parked or set aside, in order."""
        rest, size, failures = records, len(records), 0
        while rest:
            if self._switch.open:
                await self._hold()
                size = 1
            try:
                taken = await self._insist(partial(self._taking.take, partition, rest[:size]))
            except Failed as failed:
                if failed.index is None:
                    size = max(1, min(size, len(rest)) // 2)
                elif failed.index > 0:
                    size = failed.index  # the good ones before it first
                else:
                    failures += 1
                    size = 1
                    if await self._give_up(failed, failures):
                        verdict = Verdict(failed.error, attempts=failures, at=self._home.clock.now())
                        await self._insist(partial(self._taking.set_aside, partition, failed.record, verdict))
                        rest, failures = rest[1:], 0
                        size = len(rest)
            else:
                self._note_success(taken.events)
                if taken.parked:
                    self._replays.set()
                rest, failures = rest[size:], 0
                size = len(rest)

    async def _settle_key(self, key: ParkedKey) -> int:
        """Replay a key until it is free, waits again or is given up again."""
        count, limit, failures = 0, LIMIT, 0
        while True:
            if self._switch.open:
                await self._hold()
                limit = 1
            try:
                replayed = await self._insist(partial(self._taking.replay, key, limit))
            except Failed as failed:
                if failed.index:
                    limit = failed.index
                    continue
                failures += 1
                limit = 1
                if await self._give_up(failed, failures):
                    verdict = Verdict(failed.error, attempts=failures, at=self._home.clock.now())
                    await self._insist(partial(self._taking.condemn, key, failed.record, verdict))
                    return count
            else:
                self._note_success(replayed.events)
                count, limit, failures = count + replayed.events, LIMIT, 0
                if not replayed.more:
                    return count

    async def _give_up(self, failed: Failed, failures: int) -> bool:
        """Judge a failed attempt: True to set the event aside; else wait as long as is due and say False."""
        code, reason = reason_of(failed.error)
        context = {"topic": failed.record.topic, "code": code, "attempt": failures, **ids_of(failed.record)}
        if self._switch.open:
            return False  # held already: it was a probe
        if not isinstance(failed.error, Permanent) and failures < self._pace.attempts:
            metrics.RETRIES.labels(*self._labels).inc()
            self._log.warning("event-failed", **context)
            await self._pace.back_off(failures)
            return False
        self._switch.failed()
        if self._switch.open:
            metrics.PAUSED.labels(*self._labels).set(1)
            self._log.error("consumer-paused", **context, reason=reason)
            return False
        metrics.DEAD_LETTERS.labels(*self._labels, code).inc()
        self._log.error("event-set-aside", **context, reason=reason)
        return True

    def _note_success(self, taken: int) -> None:
        if not taken:
            return
        if self._switch.open:
            metrics.PAUSED.labels(*self._labels).set(0)
            self._log.info("consumer-resumed")
        self._switch.succeeded(taken)

    async def _hold(self) -> None:
        await self._pace.sleep(self._pace.probe)

    async def _insist(self, action: Callable[[], Awaitable[T]]) -> T:
        """Do it until database and bus let it be done: an outage has no limit and spends no budget."""
        failures = 0
        while True:
            try:
                return await action()
            except Transient as error:
                failures += 1
                metrics.DATABASE_DOWN.labels(*self._labels).inc()
                where = "database" if isinstance(error, Unavailable) else "bus"
                self._log.warning("consumer-waits-for", what=where, reason=error.reason, failures=failures)
                await self._pace.back_off(failures)

    async def _observe_now_and_then(self) -> None:
        now = self._home.clock.now()
        if self._observed_at is None or now - self._observed_at >= OBSERVE_EVERY:
            await self.observe()
            self._observed_at = now

    def _show_age(self, record: Record) -> None:
        told_at = record.headers.get("ce_time")
        try:
            age = self._home.clock.now() - datetime.fromisoformat(told_at or "")
        except (ValueError, TypeError):
            return  # a record without a readable time has no age; its decoder judges it
        metrics.AGE.labels(*self._labels).set(age.total_seconds())
