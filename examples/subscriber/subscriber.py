"""A subscriber of its own: keeps a table of all brands by following the events of the registry, from the first on.

Its position is written in the transaction of its effect, so a kill at any moment loses nothing and doubles nothing.
It needs confluent-kafka and Python's own sqlite3; README.md beside it says how to start it and what to change.
"""

import argparse
import json
import logging
import signal
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

TOPIC = "mingpai.registry.public.v1"
LARGEST_BATCH = 100
LOOK_SECONDS = 0.5
SESSION_MS = 10_000
TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS brands (number TEXT PRIMARY KEY, status TEXT NOT NULL, changes INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS subjects (subject TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS positions (
    topic TEXT, partition INTEGER, next_offset INTEGER NOT NULL, PRIMARY KEY (topic, partition));
CREATE TABLE IF NOT EXISTS set_aside (
    topic TEXT, partition INTEGER, record_offset INTEGER, reason TEXT NOT NULL,
    PRIMARY KEY (topic, partition, record_offset));
"""

log = logging.getLogger("subscriber")


class OutOfOrderError(Exception):
    """An event of a subject is missing, or came too late: nothing that follows could be right."""


class Event(NamedTuple):
    """What this subscriber reads of a CloudEvent; `number` and `status` are None where it is not about a brand."""

    id: str
    subject: str
    sequence: int
    number: str | None
    status: str | None


def read(message: Message) -> Event:
    """Read an event: the envelope is in the headers, the payload is JSON. Raises ValueError for anything else."""
    found: Any = message.headers() or ()
    try:
        headers = {name: value.decode() for name, value in found}
        kind = headers["ce_type"]
        about_a_brand = kind.startswith("cn.mingpai.registry.Brand") and kind.endswith(".v1")
        content: Any = json.loads(message.value() or b"") if about_a_brand else {}
        return Event(
            id=headers["ce_id"],
            subject=headers["ce_subject"],
            sequence=int(headers["ce_sequence"]),
            number=str(content["number"]) if about_a_brand else None,
            status=str(content["state"]) if about_a_brand else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no event of ours: {error!r}") from error


def take(database: sqlite3.Connection, message: Message) -> None:
    """Take one record in the running transaction: its effect unless it had it before, and the position behind it."""
    if message.offset() < position(database, message.topic(), message.partition()):
        return
    try:
        event = read(message)
    except ValueError as error:  # one bad record must not stop all others
        where = (message.topic(), message.partition(), message.offset())
        database.execute("INSERT INTO set_aside VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (*where, str(error)))
        log.warning("set aside %s: %s", where, error)
    else:
        if is_new(database, event):
            check_order(database, event)
            apply(database, event)
    database.execute(
        "INSERT INTO positions VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset",
        (message.topic(), message.partition(), message.offset() + 1),
    )


def is_new(database: sqlite3.Connection, event: Event) -> bool:
    """Remember the event's id; False when it is known, since an event may come more than once under the same id."""
    return database.execute("INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING", (event.id,)).rowcount == 1


def check_order(database: sqlite3.Connection, event: Event) -> None:
    """Count the subject's events as its producer does, from 1 without a gap. Raises OutOfOrderError."""
    found = database.execute("SELECT sequence FROM subjects WHERE subject = ?", (event.subject,)).fetchone()
    expected = 1 if found is None else found[0] + 1
    if event.sequence != expected:
        raise OutOfOrderError(f"{event.subject}: event {event.id} is number {event.sequence}, not {expected}")
    database.execute(
        "INSERT INTO subjects VALUES (?, ?) ON CONFLICT DO UPDATE SET sequence = excluded.sequence",
        (event.subject, event.sequence),
    )


def apply(database: sqlite3.Connection, event: Event) -> None:
    """Have the event's effect. This is the place for your own; types that are not known are skipped."""
    if event.number is not None:
        database.execute(
            "INSERT INTO brands VALUES (?, ?, 1)"
            " ON CONFLICT DO UPDATE SET status = excluded.status, changes = changes + 1",
            (event.number, event.status),
        )


def position(database: sqlite3.Connection, topic: str | None, partition: int | None) -> int:
    """Return the offset of the next record of a partition; the first event's before any was taken."""
    found = database.execute(
        "SELECT next_offset FROM positions WHERE topic = ? AND partition = ?", (topic, partition)
    ).fetchone()
    return OFFSET_BEGINNING if found is None else int(found[0])


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block writes, all of it or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def consumer_of(access: dict[str, Any], instance: str, refused: list[KafkaError]) -> Consumer:
    """Return a client that logs in by SCRAM and leaves the positions to us."""
    if access["password"] is None:
        raise SystemExit("the access file has no password: it was shown when the subscriber was made")
    group = f"{access['group_prefix']}brands"
    return Consumer(
        {
            "bootstrap.servers": access["bootstrap_servers"],
            "security.protocol": access["security_protocol"],
            "sasl.mechanism": access["mechanism"],
            "sasl.username": access["user"],
            "sasl.password": access["password"],
            "group.id": group,
            "group.instance.id": f"{group}.{instance}",  # who rejoins under it resumes at once, even if killed
            "session.timeout.ms": SESSION_MS,
            "enable.auto.commit": False,
            "auto.offset.reset": "error",  # a position that the log does not have is for a human to look at
            "error_cb": refused.append,
        }
    )


def follow(consumer: Consumer, database: sqlite3.Connection, stopping: list[int], refused: list[KafkaError]) -> None:
    """Take records until a signal asks to stop. Raises KafkaException, and OutOfOrderError with its batch undone."""

    def go_on(client: Consumer, partitions: Sequence[TopicPartition]) -> None:
        for one in partitions:
            one.offset = position(database, one.topic, one.partition)
        client.assign(list(partitions))

    consumer.subscribe([TOPIC], on_assign=go_on)
    while not stopping:
        messages = consumer.consume(LARGEST_BATCH, timeout=LOOK_SECONDS)
        final = [error for error in refused if error.code() == KafkaError._AUTHENTICATION or error.fatal()]  # noqa: SLF001 -- its public name
        for error in [*final, *(each for each in map(Message.error, messages) if each is not None)]:
            raise KafkaException(error)
        if messages:
            with transaction(database):
                for message in messages:
                    take(database, message)


def main() -> int:
    """Follow the events until SIGTERM or Ctrl-C; status 1 for what a human has to look at."""
    parser = argparse.ArgumentParser(description="Keep a table of all brands by following the registry's events.")
    parser.add_argument("--access", type=Path, required=True, help="what `make subscriber … FORMAT=json` printed")
    parser.add_argument("--database", type=Path, default=Path("brands.db"), help="SQLite file of brands and positions")
    parser.add_argument("--instance", default="1", help="distinguishes several subscribers of one group")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")

    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stopping.append(received))
    refused: list[KafkaError] = []
    with closing(sqlite3.connect(chosen.database, isolation_level=None, timeout=30)) as database:
        database.executescript(TABLES)
        consumer = consumer_of(json.loads(chosen.access.read_text("utf-8")), chosen.instance, refused)
        try:
            follow(consumer, database, stopping, refused)
        except (KafkaException, OutOfOrderError) as error:
            log.error("stopped: %s", error)  # noqa: TRY400 -- for the operator, who has no use for the stack
            return 1
        finally:
            consumer.close()
    log.info("stopped by signal %s", stopping[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
