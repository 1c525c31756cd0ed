"""The bus port over Apache Kafka, through aiokafka.

One batch per partition is in flight at a time, and nothing is sent behind one that failed: together with the broker's
idempotence this keeps the order per key. A producer or consumer that failed is discarded and replaced by a new one.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import (
    ConsumerStoppedError,
    GroupAuthorizationFailedError,
    IllegalStateError,
    KafkaError,
    MessageSizeTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from common.kernel.errors import Transient
from common.kernel.supervised import cancellation_requested
from common.messaging.bus import UNAVAILABLE, Outgoing, Partition, Record, Refusal, refusals
from common.messaging.kafka.internals import (
    CLOSE_SECONDS,
    broker_addresses,
    close_consumer,
    close_producer,
    connect_once,
    text_of,
)
from common.messaging.kafka.subscription import Broken, KafkaSubscription, KafkaTimeouts, RebalanceHandler
from common.messaging.kafka.wire import KafkaAccess, records, to_wire
from common.messaging.topics import BATCH_BYTES, MESSAGE_BYTES, TOPICS, partitions_of

NEVER_MS: Final = 2**31 - 1
REBALANCE_MS: Final = 60_000
LONGEST_POLL_MS: Final = 25
"""The longest duration of a poll: a partition that is read again waits for the end of the current poll."""
_CODES: Final = (
    (MessageSizeTooLargeError, "too-large"),
    (TopicAuthorizationFailedError, "not-allowed"),
    (UnknownTopicOrPartitionError, "unknown-topic"),
)
_RIGHTS: Final = (TopicAuthorizationFailedError, GroupAuthorizationFailedError)
_DOWN: Final = (KafkaError, OSError, TimeoutError)
"""The errors of an unreachable broker, for calls inside `_aiokafka_call`."""
_UVLOOP_CLOSED: Final = "the handler is closed"

log = structlog.get_logger(__name__)


class KafkaBus:
    """The bus port over a Kafka cluster whose topics exist; connections are made when they are first needed."""

    def __init__(
        self, access: KafkaAccess, topics: Mapping[str, int] = TOPICS, *, timeouts: KafkaTimeouts | None = None
    ) -> None:
        self._access = access
        self._topics = topics
        self.timeouts = timeouts or KafkaTimeouts()
        self._producer: Any = None
        self._publish_lock = asyncio.Lock()
        self._heads_consumer: Any = None
        self._heads_lock = asyncio.Lock()

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Refusal | None]:
        """Append the rows, each partition's in order; returns one answer per row. Raises Transient."""
        answers = refusals(batch, self._topics)
        rows: defaultdict[Partition, list[int]] = defaultdict(list)
        accepted = [index for index, answer in enumerate(answers) if answer is None]
        for index, number in zip(
            accepted, partitions_of([batch[index] for index in accepted], self._topics), strict=True
        ):
            answers[index] = Refusal(UNAVAILABLE, "it was not acknowledged in time")
            rows[Partition(batch[index].topic, number)].append(index)
        if not rows:
            return answers
        async with self._publish_lock:
            producer = await self._started_producer()
            sending = [
                asyncio.create_task(self._send(producer, partition, [(index, batch[index]) for index in some], answers))
                for partition, some in rows.items()
            ]
            complete = False
            try:
                done, late = await asyncio.wait(sending, timeout=self.timeouts.publish)
                complete = not late and all(task.result() for task in done)
            finally:
                if not complete:  # the rows in flight may or may not be written: no row may follow them
                    for task in sending:
                        task.cancel()
                    self._producer = None
                    await close_producer(producer)
        return answers

    def subscribe(self, group: str, topics: Iterable[str]) -> KafkaSubscription:
        """Return a membership in the group. Raises ValueError for an undeclared topic."""
        chosen = tuple(topics)
        for topic in chosen:
            if topic not in self._topics:
                raise ValueError(f"the topic {topic!r} is not declared")
        return KafkaSubscription(
            group, lambda handler: _Client(self, group, chosen, handler), heads=self.heads, timeouts=self.timeouts
        )

    async def heads(self, topics: Iterable[str]) -> Mapping[Partition, int]:
        """Return the offset that the next row of each partition will get. Raises Transient."""
        asked = [TopicPartition(topic, number) for topic in topics for number in range(self._topics[topic])]
        async with self._heads_lock:
            if self._heads_consumer is None:
                self._heads_consumer = await self.start_client(
                    AIOKafkaConsumer(**self.options(), enable_auto_commit=False)
                )
            try:
                async with _aiokafka_call(self.timeouts.answer):
                    found = await self._heads_consumer.end_offsets(asked)
            except _DOWN as error:
                consumer, self._heads_consumer = self._heads_consumer, None
                await close_consumer(consumer)
                raise Transient(f"the heads of the log: {text_of(error)}") from error
        return {Partition(one.topic, one.partition): offset for one, offset in found.items()}

    async def close(self) -> None:
        """Close the connections."""
        producer, consumer = self._producer, self._heads_consumer
        self._producer = self._heads_consumer = None
        if producer is not None:
            await close_producer(producer)
        if consumer is not None:
            await close_consumer(consumer)

    def options(self) -> dict[str, Any]:
        """Return the options of every client. Raises Transient when the certificates cannot be read."""
        try:
            login = self._access.options
        except OSError as error:
            raise Transient(f"the certificates of the Kafka brokers: {error}") from error
        answer = int(self.timeouts.answer * 1000)
        return {"bootstrap_servers": self._access.servers, "request_timeout_ms": answer, **login}

    async def start_client(self, client: Any) -> Any:  # noqa: ANN401 -- aiokafka has no types
        """Start a client and return it; one that cannot start is closed. Raises Transient with the reason."""
        try:
            async with _aiokafka_call(self.timeouts.publish):
                await client.start()
        except BaseException as error:
            await (close_producer(client) if isinstance(client, AIOKafkaProducer) else close_consumer(client))
            if not isinstance(error, _DOWN):
                raise
            why = await self._connection_error() or text_of(error)
            raise Transient(f"{self._access.servers}: user {self._access.username}: {why}") from error
        return client

    def wrong_partitions(self, topic: str, found: int) -> Refusal | None:
        """Refuse a topic whose number of partitions is not the declared one: it would split a key's history."""
        declared = self._topics[topic]
        return None if found == declared else Refusal("wrong-partitions", f"{topic} has {found}, not {declared}")

    async def _started_producer(self) -> Any:  # noqa: ANN401 -- aiokafka has no types
        if self._producer is None:
            options = {**self.options(), "acks": "all", "enable_idempotence": True}
            self._producer = await self.start_client(
                AIOKafkaProducer(**options, linger_ms=0, max_batch_size=BATCH_BYTES, max_request_size=MESSAGE_BYTES)
            )
        return self._producer

    async def _send(
        self,
        producer: Any,  # noqa: ANN401 -- aiokafka has no types
        partition: Partition,
        rows: Sequence[tuple[int, Outgoing]],
        answers: list[Refusal | None],
    ) -> bool:
        """Send one partition's rows and record the answers; False when it stopped at a failure."""
        while rows:
            try:
                async with _aiokafka_call():
                    known = await producer.partitions_for(partition.topic)
                if (unsuitable := self.wrong_partitions(partition.topic, len(known))) is not None:
                    for index, _ in rows:
                        answers[index] = unsuitable
                    return True
                built, count = producer.create_batch(), 0
                for _, row in rows:
                    wire = to_wire(row)
                    if built.append(timestamp=None, key=wire.key, value=wire.value, headers=wire.headers) is None:
                        break
                    count += 1
                async with _aiokafka_call():
                    await (await producer.send_batch(built, partition.topic, partition=partition.number))
            except _DOWN as error:
                code = next((code for kind, code in _CODES if isinstance(error, kind)), UNAVAILABLE)
                log.warning(
                    "kafka-send-failed", topic=partition.topic, partition=partition.number, reason=text_of(error)
                )
                for index, _ in rows:
                    answers[index] = Refusal(code, text_of(error))
                return False
            for index, _ in rows[:count]:
                answers[index] = None
            rows = rows[count:]
        return True

    async def _connection_error(self) -> str | None:
        """Connect to each broker and return the last error: the error that aiokafka raises hides the reason."""
        error_text = None
        for host, port in broker_addresses(self._access.servers):
            try:
                options = {**self._access.options, "request_timeout_ms": int(self.timeouts.answer * 1000)}
                async with _aiokafka_call(self.timeouts.answer):
                    await connect_once(host, port, **options)
            except _DOWN as error:
                error_text = text_of(error)
        return error_text


class _Client:
    """An `AIOKafkaConsumer` behind the interface that `KafkaSubscription` expects."""

    def __init__(self, bus: KafkaBus, group: str, topics: Sequence[str], handler: RebalanceHandler) -> None:
        self._bus = bus
        self._topics = topics
        self._started = False
        session = int(bus.timeouts.session * 1000)
        self._consumer: Any = AIOKafkaConsumer(
            **bus.options(),
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=session,
            heartbeat_interval_ms=session // 10,
            rebalance_timeout_ms=REBALANCE_MS,
            max_poll_interval_ms=NEVER_MS,  # a reader that pauses stays a member; its subscription supervises it
            fetch_max_wait_ms=LONGEST_POLL_MS,
            max_partition_fetch_bytes=MESSAGE_BYTES,
        )
        self._consumer.subscribe(list(topics), listener=_Listener(self, handler))

    async def start(self) -> None:
        """Join the group. Raises Transient, also when a topic has another number of partitions than declared."""
        await self._bus.start_client(self._consumer)
        self._started = True
        for topic in self._topics:
            unsuitable = self._bus.wrong_partitions(topic, len(self._consumer.partitions_for_topic(topic) or ()))
            if unsuitable is not None:
                raise Transient(unsuitable.reason)

    async def fetch(self, partition: Partition, *, limit: int, wait: float) -> Sequence[Record]:
        """Return the next records of a partition; empty when it was closed or lost. Raises Transient and Broken."""
        if not self._started:  # partitions are assigned while it starts
            await asyncio.sleep(wait)
            return []
        place = TopicPartition(*partition)
        return records((await self._poll(place, timeout_ms=int(wait * 1000), max_records=limit)).get(place, ()))

    async def check(self) -> None:
        """Raise a failure of the membership: a member without partitions never fetches and would not notice one."""
        if self._started and not self._consumer.assignment():
            await self._poll(timeout_ms=0)

    def seek(self, partition: Partition, offset: int) -> None:
        """Make the next fetch begin at this offset; without effect on a partition that was lost."""
        with suppress(IllegalStateError):
            self._consumer.seek(TopicPartition(*partition), offset)

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Commit offsets to the broker; CommitFailedError means that the partition was lost meanwhile."""
        try:
            async with _aiokafka_call(CLOSE_SECONDS):
                await self._consumer.commit({TopicPartition(*one): offset for one, offset in offsets.items()})
        except _DOWN as error:  # the group's own record is authoritative
            log.info("kafka-commit-failed", reason=text_of(error))

    async def close(self) -> None:
        """Leave the group; an unreachable broker raises no error."""
        await close_consumer(self._consumer)

    async def _poll(self, *places: Any, **limits: int) -> Mapping[Any, Sequence[Any]]:  # noqa: ANN401 -- aiokafka has no types
        try:
            async with _aiokafka_call():
                found: Mapping[Any, Sequence[Any]] = await self._consumer.getmany(*places, **limits)
        except ConsumerStoppedError:
            return {}
        except _DOWN as error:  # a missing right may be granted later; from other errors aiokafka cannot recover
            kind = Transient if isinstance(error, _RIGHTS) else Broken
            raise kind(text_of(error)) from error
        return found


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    def __init__(self, client: _Client, handler: RebalanceHandler) -> None:
        self._client = client
        self._handler = handler

    async def on_partitions_revoked(self, revoked: object) -> None:  # noqa: ARG002 -- the member loses all it had
        await self._handler.partitions_revoked(self._client)

    async def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        partitions = sorted(Partition(one.topic, one.partition) for one in assigned)
        await self._handler.partitions_assigned(self._client, partitions)


@asynccontextmanager
async def _aiokafka_call(seconds: float | None = None) -> AsyncIterator[None]:
    """Limit the time of a call to aiokafka, and turn two of its errors into OSError. Raises TimeoutError.

    They are uvloop's RuntimeError for a write to a connection that has just closed, and the CancelledError of a task
    that aiokafka itself has cancelled, which would end our task as if it had been cancelled.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except RuntimeError as error:
        if _UVLOOP_CLOSED not in str(error):
            raise
        raise ConnectionResetError(str(error)) from error
    except asyncio.CancelledError as error:
        if cancellation_requested():
            raise
        raise ConnectionAbortedError("aiokafka cancelled it") from error
