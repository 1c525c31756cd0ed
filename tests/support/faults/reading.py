"""Reads the picture of a running stack: every topic from its first record, the four databases, the mails.

Independent of the product's code: it logs in by what DATA/stack.json says and knows tables, topics and headers.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
from confluent_kafka import Consumer, Message as Received, TopicPartition

from support.faults.picture import (
    SERVICES,
    Left,
    Message,
    Picture,
    Place,
    Published,
    Review,
    Row,
    Taken,
    digest,
    mails_in,
)

AUDIENCES = ("internal", "agency", "public")
TOPICS = [f"mingpai.{service}.{audience}.v1" for service in SERVICES for audience in AUDIENCES]
ANSWER_SECONDS = 10.0
READ_SECONDS = 60.0
AT_ONCE = 5_000
SET_DOWN = ("outbox", "parked", "dead_letters")
OF_ALL = {
    "audit": "SELECT id, request_id, payload_digest, position, previous, hash FROM audit LEFT JOIN seals USING (seq)",
    "offsets": "SELECT consumer, topic, partition, next_offset FROM offsets",
    "inbox": "SELECT consumer, event_id FROM inbox",
    "outbox": "SELECT key FROM outbox",
    "parked": "SELECT key FROM parked",
    "dead_letters": "SELECT key FROM dead_letters",
}
OF_ONE: Mapping[str, Mapping[str, str]] = {
    "applications": {},
    "review": {"reviews": "SELECT id, application_id, state FROM reviews"},
    "registry": {"brands": "SELECT review_id FROM brands"},
    "notifications": {
        "messages": "SELECT id, event_id, org, state FROM messages",
        "feed": "SELECT position, event_id FROM feed ORDER BY position",
    },
}


async def picture_of(data: Path) -> Picture:
    """Return the stored data of the stack with this data folder, once nothing is in progress in it."""
    record = json.loads((data / "stack.json").read_text("utf-8"))
    log, heads = await asyncio.to_thread(_log, record)
    found: dict[str, list[Any]] = defaultdict(list)
    for service in SERVICES:
        for name, rows in (await _rows(record["databases"][service], service)).items():
            found[name] += [(service, *row) for row in rows]
    inboxes: dict[str, set[str]] = defaultdict(set)
    for _, consumer, event_id in found["inbox"]:
        inboxes[consumer].add(event_id)
    return Picture(
        absorbs=False,
        log=log,
        heads=heads,
        audit=[Row(*row) for row in found["audit"]],
        taken=[Taken(service, by, (topic, number), after) for service, by, topic, number, after in found["offsets"]],
        inboxes={consumer: frozenset(ids) for consumer, ids in inboxes.items()},
        left=[Left(service, table, key) for table in SET_DOWN for service, key in found[table]],
        reviews=[Review(*row[1:]) for row in found["reviews"]],
        brands=[review for _, review in found["brands"]],
        messages=[Message(*row[1:]) for row in found["messages"]],
        feed=[(position, event_id) for _, position, event_id in found["feed"]],
        mails=await asyncio.to_thread(mails_in, data / "mail"),
    )


async def _rows(url: str, service: str) -> dict[str, list[Any]]:
    """Ask one service's database what all have and what it alone has."""
    async with asyncio.timeout(READ_SECONDS):
        connection = await asyncpg.connect(url)
        try:
            return {name: await connection.fetch(asked) for name, asked in {**OF_ALL, **OF_ONE[service]}.items()}
        finally:
            await connection.close()


def login_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with which a client logs in at the broker as its administrator."""
    (word,) = [one["password"] for one in record["credentials"] if (one["at"], one["name"]) == ("Kafka", "admin")]
    return {
        "bootstrap.servers": record["kafka"],
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "admin",
        "sasl.password": word,
    }


def _log(record: Mapping[str, Any]) -> tuple[list[Published], dict[Place, int]]:
    """Read all there is now, from the first record of each partition to its head."""
    consumer = Consumer({**login_of(record), "group.id": "checker", "enable.auto.commit": False})
    try:
        known = consumer.list_topics(timeout=ANSWER_SECONDS).topics
        places = [(topic, number) for topic in TOPICS for number in known[topic].partitions]
        heads = {place: _head(consumer, place) for place in places}
        consumer.assign([TopicPartition(*place, 0) for place, head in heads.items() if head])
        log: list[Published] = []
        until = time.monotonic() + READ_SECONDS
        missing = sum(heads.values())
        while len(log) < missing:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(log)} of {missing} records read")
            for received in consumer.consume(AT_ONCE, timeout=1.0):
                if (error := received.error()) is not None:
                    if error.retriable():
                        continue
                    raise RuntimeError(error.str())
                if (received.offset() or 0) < heads[received.topic() or "", received.partition() or 0]:
                    log.append(_published(received))
    finally:
        consumer.close()
    log.sort(key=lambda one: (one.topic, one.partition, one.offset))
    return log, heads


def _head(consumer: Consumer, place: Place) -> int:
    _, head = consumer.get_watermark_offsets(TopicPartition(*place), timeout=ANSWER_SECONDS)
    return int(head)


def _published(received: Received) -> Published:
    stated = dict(received.headers() or []).items()
    headers = {name: value.decode() for name, value in stated if isinstance(value, bytes)}
    topic, partition, offset = received.topic() or "", received.partition() or 0, received.offset() or 0
    sequence = headers.get("ce_sequence")
    return Published(
        topic,
        partition,
        offset,
        (received.key() or b"").decode(),
        headers.get("ce_id") or f"{topic}/{partition}/{offset}",
        headers.get("ce_type", ""),
        None if sequence is None else int(sequence),
        digest(received.value() or b""),
    )
