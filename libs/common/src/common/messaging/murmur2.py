"""The hash by which Kafka's own clients choose the partition of a key, computed for many keys at once.

A loop over each key's words would cost as much as all other work per event. Instead, one long integer contains one word
of every key, each in a lane of 64 bits, where a product of two 32-bit words never overflows into the next lane.
"""

from collections import defaultdict
from collections.abc import Sequence
from struct import unpack
from typing import Final

_SEED: Final = 0x9747B28C
_FACTOR: Final = 0x5BD1E995
_LANE: Final = 8
_WORD: Final = b"\xff\xff\xff\xff\0\0\0\0"
"""The bits of a lane that a 32-bit word fills."""


def murmur2(keys: Sequence[bytes]) -> list[int]:
    """Hash keys as org.apache.kafka.common.utils.Utils.murmur2 does: 32 bits each, here unsigned."""
    hashes = [0] * len(keys)
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        by_length[len(key)].append(place)
    for length, places in by_length.items():
        found = _of_one_length([keys[place] for place in places], length)
        for place, value in zip(places, found, strict=True):
            hashes[place] = value
    return hashes


def _of_one_length(keys: Sequence[bytes], length: int) -> Sequence[int]:
    lanes, stride = len(keys), -(-length // _LANE)
    every = int.from_bytes(_WORD * stride * lanes, "little")
    pairs = int.from_bytes(b"".join([key.ljust(_LANE * stride, b"\0") for key in keys]), "little")
    halves = [pairs & every, pairs >> 32 & every]

    def columns(words: int) -> memoryview:
        return memoryview(words.to_bytes(_LANE * stride * lanes, "little")).cast("Q")

    def column(of: memoryview, place: int) -> int:
        """Return the word at this place of every key."""
        return int.from_bytes(of[place >> 1 :: stride].tobytes(), "little")

    mask = int.from_bytes(_WORD * lanes, "little")
    value = int.from_bytes((_SEED ^ length).to_bytes(_LANE, "little") * lanes, "little")
    mixed = [columns(_mixed(half, every)) for half in halves]
    whole, rest = divmod(length, 4)
    for place in range(whole):
        value = value * _FACTOR & mask ^ column(mixed[place & 1], place)
    if rest:
        value = (value ^ column(columns(halves[whole & 1]), whole)) * _FACTOR & mask
    value = (value ^ value >> 13 & mask) * _FACTOR & mask
    value ^= value >> 15 & mask
    return unpack(f"<{lanes}Q", value.to_bytes(_LANE * lanes, "little"))


def _mixed(words: int, mask: int) -> int:
    words = words * _FACTOR & mask
    return (words ^ words >> 24 & mask) * _FACTOR & mask
