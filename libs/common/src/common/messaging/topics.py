"""All topics, and which partition a key goes to: the same in both shapes, and never changed once in use.

Order holds within a partition; another number of partitions would split a subject's history in two.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from common.messaging.bus import Outgoing, Record
from common.messaging.murmur2 import murmur2

SERVICES: Final = ("applications", "review", "registry", "notifications")
PARTITIONS: Final = {"internal": 12, "agency": 6, "public": 6}
TOPICS: Final = {
    f"mingpai.{service}.{audience}.v1": count for service in SERVICES for audience, count in PARTITIONS.items()
}
"""Number of partitions by topic name; `deploy/kafka/topics.yaml` declares the same."""

BATCH_BYTES: Final = 1_000_000
"""The most bytes of a batch on its way to a broker: a largest payload fits with its envelope."""
MESSAGE_BYTES: Final = 1024 * 1024
"""`max.message.bytes` of every topic, declared in `deploy/kafka/topics.yaml`, and what a reader fetches at once."""


def partitions_of(rows: Sequence[Outgoing | Record], topics: Mapping[str, int]) -> list[int]:
    """Return for each row the partition of its key among its topic's, as Kafka's default partitioner would."""
    hashes = murmur2([row.key.encode() for row in rows])
    return [(value & 0x7FFFFFFF) % topics[row.topic] for row, value in zip(rows, hashes, strict=True)]
