"""The topics there are and which partition a key goes to: the same in both shapes, and never changed once in use.

A key's partition decides its order; another number of partitions would split a subject's history in two.
"""

from functools import lru_cache
from struct import unpack_from
from typing import Final

SERVICES: Final = ("applications", "review", "registry", "notifications")
PARTITIONS: Final = {"internal": 12, "agency": 6, "public": 6}
TOPICS: Final = {
    f"mingpai.{service}.{audience}.v1": count for service in SERVICES for audience, count in PARTITIONS.items()
}
"""Number of partitions by topic name; `deploy/kafka/topics.yaml` says the same."""

_SEED: Final = 0x9747B28C
_FACTOR: Final = 0x5BD1E995
_MASK: Final = 0xFFFFFFFF


def murmur2(key: bytes) -> int:
    """Hash a key as Kafka's own clients do (org.apache.kafka.common.utils.Utils.murmur2): 32 bits, here unsigned."""
    length = len(key)
    value = _SEED ^ length
    whole = length & ~3
    for part in unpack_from(f"<{length >> 2}I", key):
        word = part * _FACTOR & _MASK
        word = (word ^ word >> 24) * _FACTOR & _MASK
        value = value * _FACTOR & _MASK ^ word
    if rest := key[whole:]:
        value = (value ^ int.from_bytes(rest, "little")) * _FACTOR & _MASK
    value = (value ^ value >> 13) * _FACTOR & _MASK
    return value ^ value >> 15


def partition_of(key: str, partitions: int) -> int:
    """Return the partition of a key among so many, as Kafka's default partitioner would."""
    return (_hash(key) & 0x7FFFFFFF) % partitions


@lru_cache(maxsize=4096)
def _hash(key: str) -> int:
    """Return the hash of a key, which comes twice with nearly every event: for its inside and its outside topic."""
    return murmur2(key.encode())
