"""Events as they are in production, many of them: one golden sample under many ids and keys."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from common.kernel.ids import new_id
from common.messaging.bus import Outgoing, Partition, Record
from common.messaging.topics import PARTITIONS, partitions_of

TYPE: Final = "cn.mingpai.registry.BrandRegistered.v1"
_SAMPLE: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "contracts" / "samples" / f"{TYPE}.json").read_text("utf-8")
)
_PAYLOAD: Final = json.dumps(_SAMPLE["data"], ensure_ascii=False)
_SUBJECT: Final = _SAMPLE["headers"]["ce_subject"]


def outgoing(size: int, topic: str) -> list[Outgoing]:
    """Return so many new events of as many subjects."""
    return list(islice(_endless(topic), size))


def recorded(size: int, place: Partition, *, offset: int) -> list[Record]:
    """Return so many new events as one partition of the log holds them, from an offset on."""
    return [
        Record(place.topic, place.number, offset + index, *one[1:])
        for index, one in enumerate(outgoing(size, place.topic))
    ]


def rows_of_outbox(events: Sequence[Outgoing], at: object) -> list[dict[str, object]]:
    """Return the events as rows of an outbox."""
    return [{**one._asdict(), "created_at": at} for one in events]


def rows_of_log(events: Sequence[Outgoing], *, offset: int) -> list[tuple[object, ...]]:
    """Return the events as rows of the log, all texts made."""
    numbers = partitions_of(events, {one.topic: PARTITIONS["internal"] for one in events})
    return [
        (
            one.topic,
            number,
            offset + place,
            one.key,
            one.id,
            one.type,
            json.dumps(dict(one.headers)),
            one.payload,
        )
        for place, (number, one) in enumerate(zip(numbers, events, strict=True))
    ]


def _endless(topic: str) -> Iterator[Outgoing]:
    while True:
        event_id, subject = new_id(None), new_id("brd")
        headers = _SAMPLE["headers"] | {"ce_id": event_id, "ce_subject": subject}
        payload = _PAYLOAD.replace(_SUBJECT, subject).encode()
        yield Outgoing(topic=topic, key=subject, id=event_id, type=TYPE, headers=headers, payload=payload)
