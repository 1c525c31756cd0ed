"""The bus port over Apache Kafka, and the only module that knows aiokafka.

One batch of a partition is under way at a time and nothing is sent behind one that failed: together with the
broker's idempotence this keeps the order per key. Who failed is thrown away, producer and consumer alike, and made
anew.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import chain
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    ConsumerStoppedError,
    GroupAuthorizationFailedError,
    IllegalStateError,
    KafkaError,
    MessageSizeTooLargeError,
    ProducerClosed,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from common.errors import Transient
from common.lasting import told_to_end
from common.messaging.bus import UNAVAILABLE, Outgoing, Partition, Record, Refusal, refusals
from common.messaging.group import Broken, KafkaSubscription, Patience, Turns
from common.messaging.topics import TOPICS, partitions_of
from common.messaging.wire import Access, records, to_wire

BATCH_BYTES: Final = 1_000_000
"""A row over it goes alone; the broker's own limit is a little higher."""

NEVER_MS: Final = 2**31 - 1
REBALANCE_MS: Final = 60_000
LONGEST_POLL_MS: Final = 25
"""A partition that is read again joins the next poll: for so long at most may the last one keep it waiting."""
CLOSE_SECONDS: Final = 5.0
_CANCEL_AGAIN_SECONDS: Final = 0.1
_CODES: Final = (
    (MessageSizeTooLargeError, "too-large"),
    (TopicAuthorizationFailedError, "not-allowed"),
    (UnknownTopicOrPartitionError, "unknown-topic"),
)
_RIGHTS: Final = (TopicAuthorizationFailedError, GroupAuthorizationFailedError)
_DOWN: Final = (KafkaError, OSError, TimeoutError)
"""What says that the broker cannot be reached, as far as it goes through `_asking`."""
_UVLOOP_GONE: Final = "the handler is closed"

log = structlog.get_logger(__name__)


class KafkaBus:
    """The bus port over a Kafka cluster whose topics exist; connections are made when they are first needed."""

    def __init__(self, access: Access, topics: Mapping[str, int] = TOPICS, *, patience: Patience | None = None) -> None:
        self._access = access
        self._topics = topics
        self.patience = patience or Patience()
        self._producer: Any = None
        self._publishing = asyncio.Lock()
        self._asker: Any = None
        self._asking = asyncio.Lock()

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Append the rows, each partition's in order; returns one answer per row. Raises Transient."""
        answers = refusals(batch, self._topics)
        rows: defaultdict[Partition, list[int]] = defaultdict(list)
        taken = [index for index, answer in enumerate(answers) if answer is None]
        for index, number in zip(taken, partitions_of([batch[index] for index in taken], self._topics), strict=True):
            answers[index] = Refusal(UNAVAILABLE, "it was not acknowledged in time")
            rows[Partition(batch[index].topic, number)].append(index)
        if not rows:
            return answers
        async with self._publishing:
            producer = await self._producing()
            sending = [
                asyncio.create_task(self._send(producer, partition, [(index, batch[index]) for index in some], answers))
                for partition, some in rows.items()
            ]
            sound = False
            try:
                done, late = await asyncio.wait(sending, timeout=self.patience.publish)
                sound = not late and all(task.result() for task in done)
            finally:
                if not sound:  # what is under way has no known end: nothing may follow it
                    for task in sending:
                        task.cancel()
                    self._producer = None
                    await _end_producer(producer)
        return answers

    def subscribe(self, group: str, topics: Iterable[str]) -> KafkaSubscription:
        """Return a place in the group. Raises ValueError for an undeclared topic."""
        chosen = tuple(topics)
        for topic in chosen:
            if topic not in self._topics:
                raise ValueError(f"the topic {topic!r} is not declared")
        return KafkaSubscription(
            group, lambda turns: _Client(self, group, chosen, turns), heads=self.heads, patience=self.patience
        )

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Return the offset that the next row of each partition will get. Raises Transient."""
        asked = [TopicPartition(topic, number) for topic in topics for number in range(self._topics[topic])]
        async with self._asking:
            if self._asker is None:
                self._asker = await self.started(AIOKafkaConsumer(**self.options(), enable_auto_commit=False))
            try:
                async with _asking(self.patience.answer):
                    found = await self._asker.end_offsets(asked)
            except _DOWN as error:
                asker, self._asker = self._asker, None
                await _end_consumer(asker)
                raise Transient(f"the heads of the log: {_text(error)}") from error
        return {Partition(one.topic, one.partition): offset for one, offset in found.items()}

    async def close(self) -> None:
        """Let go of the connections."""
        producer, asker = self._producer, self._asker
        self._producer = self._asker = None
        if producer is not None:
            await _end_producer(producer)
        if asker is not None:
            await _end_consumer(asker)

    def options(self) -> dict[str, Any]:
        """Return what every client is made with. Raises Transient when the authority's file cannot be read."""
        try:
            login = self._access.options
        except OSError as error:
            raise Transient(f"the certificates of the Kafka brokers: {error}") from error
        answer = int(self.patience.answer * 1000)
        return {"bootstrap_servers": self._access.servers, "request_timeout_ms": answer, **login}

    async def started(self, client: Any) -> Any:  # noqa: ANN401 -- aiokafka has no types
        """Start a producer or consumer and return it; one that cannot start is closed. Raises Transient, saying why."""
        try:
            async with _asking(self.patience.publish):
                await client.start()
        except BaseException as error:
            await (_end_producer(client) if isinstance(client, AIOKafkaProducer) else _end_consumer(client))
            if not isinstance(error, _DOWN):
                raise
            why = await self._why_not() or _text(error)
            raise Transient(f"{self._access.servers}: user {self._access.username}: {why}") from error
        return client

    def unsuited(self, topic: str, found: int) -> Refusal | None:
        """Judge a topic by the number of its partitions: another number would split a key's history in two."""
        declared = self._topics[topic]
        return None if found == declared else Refusal("wrong-partitions", f"{topic} has {found}, not {declared}")

    async def _producing(self) -> Any:  # noqa: ANN401 -- aiokafka has no types
        if self._producer is None:
            options = {**self.options(), "acks": "all", "enable_idempotence": True}
            self._producer = await self.started(AIOKafkaProducer(**options, linger_ms=0, max_batch_size=BATCH_BYTES))
        return self._producer

    async def _send(
        self,
        producer: Any,  # noqa: ANN401 -- aiokafka has no types
        partition: Partition,
        rows: Sequence[tuple[int, Outgoing]],
        answers: list[Refusal | None],
    ) -> bool:
        """Send one partition's rows and note the answers; False when it stopped at a failure."""
        while rows:
            try:
                async with _asking():
                    known = await producer.partitions_for(partition.topic)
                if (unsuited := self.unsuited(partition.topic, len(known))) is not None:
                    for index, _ in rows:
                        answers[index] = unsuited
                    return True
                built, count = producer.create_batch(), 0
                for _, row in rows:
                    wire = to_wire(row)
                    if built.append(timestamp=None, key=wire.key, value=wire.value, headers=wire.headers) is None:
                        break
                    count += 1
                async with _asking():
                    await (await producer.send_batch(built, partition.topic, partition=partition.number))
            except _DOWN as error:
                code = next((code for kind, code in _CODES if isinstance(error, kind)), UNAVAILABLE)
                log.warning("kafka-refused", topic=partition.topic, partition=partition.number, reason=_text(error))
                for index, _ in rows:
                    answers[index] = Refusal(code, _text(error))
                return False
            for index, _ in rows[:count]:
                answers[index] = None
            rows = rows[count:]
        return True

    async def _why_not(self) -> str | None:
        """Knock at each broker and return what was said: aiokafka's own error keeps it for itself."""
        said = None
        for host, port, _ in collect_hosts(self._access.servers):
            try:
                options = {**self._access.options, "request_timeout_ms": int(self.patience.answer * 1000)}
                async with _asking(self.patience.answer):
                    connection = await create_conn(host, port, **options)
            except _DOWN as error:
                said = _text(error)
            else:
                await connection.close()
        return said


class _Client:
    """An `AIOKafkaConsumer` as a group's reader needs it."""

    def __init__(self, bus: KafkaBus, group: str, topics: Sequence[str], turns: Turns) -> None:
        self._bus = bus
        self._topics = topics
        self._started = False
        session = int(bus.patience.session * 1000)
        self._consumer: Any = AIOKafkaConsumer(
            **bus.options(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=session,
            heartbeat_interval_ms=session // 10,
            rebalance_timeout_ms=REBALANCE_MS,
            max_poll_interval_ms=NEVER_MS,  # a reader that pauses keeps its place; its subscription watches it
            fetch_max_wait_ms=LONGEST_POLL_MS,
        )
        self._consumer.subscribe(list(topics), listener=_Listener(self, turns))

    async def start(self) -> None:
        """Join the group. Raises Transient, also when a topic has another number of partitions than declared."""
        await self._bus.started(self._consumer)
        self._started = True
        for topic in self._topics:
            unsuited = self._bus.unsuited(topic, len(self._consumer.partitions_for_topic(topic) or ()))
            if unsuited is not None:
                raise Transient(unsuited.reason)

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return the next records of a partition; empty when it was closed or lost. Raises Transient and Broken."""
        if not self._started:  # its partitions are handed over while it starts
            await asyncio.sleep(wait)
            return []
        place = TopicPartition(*partition)
        return records((await self._many(place, timeout_ms=int(wait * 1000), max_records=limit)).get(place, ()))

    async def check(self) -> None:
        """Raise what is wrong with the group's conversation: who holds nothing would not hear it while fetching."""
        if self._started and not self._consumer.assignment():
            await self._many(timeout_ms=0)

    def seek(self, partition: Partition, offset: int) -> None:
        """Have the next fetch begin there; without effect on a partition that was lost."""
        with suppress(IllegalStateError):
            self._consumer.seek(TopicPartition(*partition), offset)

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Tell the broker how far the group is; CommitFailedError means that the partition was lost meanwhile."""
        try:
            async with _asking(CLOSE_SECONDS):
                await self._consumer.commit({TopicPartition(*one): offset for one, offset in offsets.items()})
        except _DOWN as error:  # the group's own record stands
            log.info("kafka-commit-not-taken", reason=_text(error))

    async def close(self) -> None:
        """Leave the group, as far as the broker lets it."""
        await _end_consumer(self._consumer)

    async def _many(self, *places: Any, **limits: int) -> Mapping[Any, Sequence[Any]]:  # noqa: ANN401 -- aiokafka has no types
        try:
            async with _asking():
                found: Mapping[Any, Sequence[Any]] = await self._consumer.getmany(*places, **limits)
        except ConsumerStoppedError:
            return {}
        except _DOWN as error:  # a right can be given while we wait; anything else aiokafka does not get over
            kind = Transient if isinstance(error, _RIGHTS) else Broken
            raise kind(_text(error)) from error
        return found


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    def __init__(self, client: _Client, turns: Turns) -> None:
        self._client = client
        self._turns = turns

    async def on_partitions_revoked(self, revoked: object) -> None:  # noqa: ARG002 -- the group gives up all it had
        await self._turns.given_up(self._client)

    async def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        partitions = sorted(Partition(one.topic, one.partition) for one in assigned)
        await self._turns.taken_over(self._client, partitions)


@asynccontextmanager
async def _asking(seconds: float | None = None) -> AsyncIterator[None]:
    """Let aiokafka do something, for so long at most. Raises TimeoutError, and OSError for what it does not catch.

    That is uvloop's RuntimeError where it writes to who has just gone, and the end of a task that aiokafka itself has
    cancelled: it would end ours, as if somebody had cancelled us.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except RuntimeError as error:
        if _UVLOOP_GONE not in str(error):
            raise
        raise ConnectionResetError(str(error)) from error
    except asyncio.CancelledError as error:
        if told_to_end():
            raise
        raise ConnectionAbortedError("aiokafka gave it up") from error


async def _end_producer(producer: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
    """End it without sending what it still holds, which the outbox sends again; aiokafka would try for ever."""

    async def give_up() -> None:
        await _cancelled(producer._sender.sender_task)  # noqa: SLF001 -- has no public way of giving up
        await _close_client(producer.client)
        held = producer._message_accumulator  # noqa: SLF001 -- as above
        held.fail_all(ProducerClosed())
        for batch in (*chain.from_iterable(held._batches.values()), *held._pending_batches):  # noqa: SLF001 -- as above
            for future in (batch.future, batch._drain_waiter):  # noqa: SLF001 -- as above
                if not future.cancelled():
                    future.exception()  # asyncio would report what nobody has looked at as an error
        await producer.stop()

    if (why := await _outcome(give_up())) is not None:
        log.warning("kafka-producer-did-not-end", reason=why)


async def _end_consumer(consumer: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
    """Leave the group and close, as far as the broker lets it."""
    if (why := await _outcome(consumer.stop())) is None:
        return
    reasons: list[str | None] = [why]
    group, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001 -- has no public way of giving up
    for name in ("_coordination_task", "_heartbeat_task", "_commit_refresh_task"):
        await _cancelled(getattr(group, name, None))
    if fetcher is not None:
        for task in list(fetcher._pending_tasks):  # noqa: SLF001 -- as above
            await _cancelled(task)
        reasons.append(await _outcome(fetcher.close()))
    reasons.append(await _outcome(_close_client(consumer._client)))  # noqa: SLF001 -- as above
    log.warning("kafka-consumer-did-not-end", reasons=[reason for reason in reasons if reason])


async def _close_client(client: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
    """Close the connections, also where the task that keeps up with the cluster has failed."""
    task, client._sync_task = client._sync_task, None  # noqa: SLF001 -- aiokafka would raise its failure and close nothing
    await _cancelled(task)
    await client.close()


async def _outcome(ending: Coroutine[Any, Any, None]) -> str | None:
    """Let something of aiokafka end within its time, in a task that can be ended; returns why it did not end well."""
    task = asyncio.create_task(ending)
    try:
        await asyncio.wait([task], timeout=CLOSE_SECONDS)
        late = not task.done()
    finally:
        await _cancelled(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        return _text(error)
    if late:
        return "not in time"
    return "cancelled from within" if task.cancelled() else None


async def _cancelled(task: asyncio.Task[Any] | None) -> None:
    """Cancel a task of aiokafka until it ends: some wait once more for an answer that cannot come."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_CANCEL_AGAIN_SECONDS)


def _text(error: BaseException) -> str:
    if isinstance(error, ClusterAuthorizationFailedError):  # what a broker says to a producer without any right
        return f"may not write to any topic ({error})"
    return str(error) or type(error).__name__
