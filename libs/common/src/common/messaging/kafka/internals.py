"""All private parts of aiokafka that we use, each with the reason why the Kafka bus needs it.

No other module uses a private part. After an upgrade of aiokafka read the classes named in this module again, run
`tests/buses`, and set `CHECKED_AGAINST`.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from itertools import chain
from typing import Any, Final

import structlog
from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import ClusterAuthorizationFailedError, ProducerClosed

CHECKED_AGAINST: Final = "0.14.0"
"""The version of aiokafka whose private parts are known to be as described here; a test compares it."""

CLOSE_SECONDS: Final = 5.0
_CANCEL_AGAIN_SECONDS: Final = 0.1

log = structlog.get_logger(__name__)


def broker_addresses(servers: str) -> list[tuple[str, int]]:
    """Return host and port of each bootstrap server.

    `conn.collect_hosts`: aiokafka's own parser of addresses, so that exactly the addresses are tried that aiokafka
    itself would try.
    """
    return [(host, port) for host, port, _ in collect_hosts(servers)]


async def connect_once(host: str, port: int, **options: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
    """Open one connection to a broker and close it. Raises the error that aiokafka or the broker reports.

    `conn.create_conn`: a client that cannot start raises a general error without the broker's own reason, such as a
    wrong password.
    """
    connection = await create_conn(host, port, **options)
    await connection.close()


async def close_producer(producer: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
    """Close a producer without sending its pending rows; the relay publishes them again from the outbox.

    `AIOKafkaProducer.stop` first sends everything that is pending, and retries for ever while the broker is down. So
    its sender task (`_sender.sender_task`) is cancelled and its pending batches are failed before it is called.
    """

    async def discard() -> None:
        await _cancelled(producer._sender.sender_task)  # noqa: SLF001 -- reason in the docstring
        await _close_connections(producer.client)
        pending = producer._message_accumulator  # noqa: SLF001 -- reason in the docstring
        pending.fail_all(ProducerClosed())
        for future in _futures_of(pending):
            if not future.cancelled():
                future.exception()  # asyncio logs an exception that is never retrieved
        await producer.stop()

    if (why := await _outcome(discard())) is not None:
        log.warning("kafka-producer-did-not-close", reason=why)


def _futures_of(pending: Any) -> Iterator[asyncio.Future[Any]]:  # noqa: ANN401 -- aiokafka has no types
    """Yield the futures of batches that were never sent.

    `MessageAccumulator._batches` and `_pending_batches`, `MessageBatch._drain_waiter`: a failed batch keeps its
    exception in two futures, one of which nothing ever awaits.
    """
    for batch in chain(*pending._batches.values(), pending._pending_batches):  # noqa: SLF001 -- reason in the docstring
        yield batch.future
        yield batch._drain_waiter  # noqa: SLF001 -- reason in the docstring


async def close_consumer(consumer: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
    """Leave the group and close; an unreachable broker raises no error.

    `AIOKafkaConsumer.stop` waits for the tasks of its coordinator (`_coordinator`) and fetcher (`_fetcher`), which may
    wait for a broker that is down, and stops at the first failure. In both cases this function cancels each task and
    closes the client (`_client`) itself.
    """
    if (why := await _outcome(consumer.stop())) is None:
        return
    reasons: list[str | None] = [why]
    coordinator, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001 -- reason in the docstring
    for name in ("_coordination_task", "_heartbeat_task", "_commit_refresh_task"):
        await _cancelled(getattr(coordinator, name, None))
    if fetcher is not None:
        for task in list(fetcher._pending_tasks):  # noqa: SLF001 -- reason in the docstring
            await _cancelled(task)
        reasons.append(await _outcome(fetcher.close()))
    reasons.append(await _outcome(_close_connections(consumer._client)))  # noqa: SLF001 -- reason in the docstring
    log.warning("kafka-consumer-did-not-close", reasons=[reason for reason in reasons if reason])


async def _close_connections(client: Any) -> None:  # noqa: ANN401 -- aiokafka has no types
    """Close a client's connections, also when the task that refreshes its metadata has failed.

    `AIOKafkaClient._sync_task`: `close` awaits that task, raises its failure and then closes nothing.
    """
    task, client._sync_task = client._sync_task, None  # noqa: SLF001 -- reason in the docstring
    await _cancelled(task)
    await client.close()


async def _outcome(closing: Coroutine[Any, Any, None]) -> str | None:
    """Run a coroutine of aiokafka in a task of its own, with a time limit; returns the reason if it failed."""
    task = asyncio.create_task(closing)
    try:
        await asyncio.wait([task], timeout=CLOSE_SECONDS)
        late = not task.done()
    finally:
        await _cancelled(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        return text_of(error)
    if late:
        return "not in time"
    return "cancelled from within" if task.cancelled() else None


async def _cancelled(task: asyncio.Task[Any] | None) -> None:
    """Cancel a task of aiokafka's until it ends: some catch the first cancellation and wait once more."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_CANCEL_AGAIN_SECONDS)


def text_of(error: BaseException) -> str:
    """Return an error of aiokafka's as a text for the operator."""
    if isinstance(error, ClusterAuthorizationFailedError):  # the broker's answer to a producer without any right
        return f"may not write to any topic ({error})"
    return str(error) or type(error).__name__
