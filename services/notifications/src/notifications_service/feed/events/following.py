"""Adds events that may leave the platform to the feed: their bytes unchanged, each at the next position."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.errors import Permanent
from common.kernel.event import Audience
from common.messaging.bus import Record
from notifications_service.feed.events.model import FEED, HEAD

ONLY_ROW = 1
_READERS: Final = ("division", "applicant")
"""The fields of an event that decide who may read it in the feed."""


def content_of(record: Record) -> Mapping[str, Any]:
    """Return the content of an event; raises Permanent when the payload cannot be that of an event."""
    try:
        content = json.loads(record.payload)
    except (ValueError, RecursionError) as error:
        raise Permanent("malformed-payload") from error
    if not isinstance(content, dict) or any(not isinstance(content.get(name), str | None) for name in _READERS):
        raise Permanent("malformed-payload")
    return content


async def keep_in_feed(connection: AsyncConnection, events: Sequence[tuple[Record, Mapping[str, Any]]]) -> None:
    """Append events at consecutive positions; the head's row is locked until the commit."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    started = dialect.insert(HEAD).values(id=ONLY_ROW, position=len(events))
    moved = started.on_conflict_do_update(
        index_elements=["id"], set_={"position": HEAD.c.position + len(events)}
    ).returning(HEAD.c.position)
    last = (await connection.execute(moved)).scalar_one()
    rows = [_row(event, last - len(events) + index) for index, event in enumerate(events, start=1)]
    await connection.execute(insert(FEED), rows)


def _row(event: tuple[Record, Mapping[str, Any]], position: int) -> dict[str, object]:
    record, content = event
    return {
        "position": position,
        "event_id": record.id,
        "type": record.type,
        "audience": Audience(record.topic.split(".")[2]),
        "division": content.get("division"),
        "applicant": content.get("applicant"),
        "headers": dict(record.headers),
        "payload": record.payload,
    }
