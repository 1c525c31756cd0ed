"""How outside records enter the feed: their bytes as they came, at the next position."""

import json
from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from common.contracts.envelope import Audience
from common.messaging.bus import Record
from notifications_service.events.model import FEED, HEAD

ONLY_ROW = 1


async def keep_in_feed(connection: AsyncConnection, records: Sequence[Record]) -> None:
    """Append records at consecutive positions; the head's row is locked until the commit."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    started = dialect.insert(HEAD).values(id=ONLY_ROW, position=len(records))
    moved = started.on_conflict_do_update(
        index_elements=["id"], set_={"position": HEAD.c.position + len(records)}
    ).returning(HEAD.c.position)
    last = (await connection.execute(moved)).scalar_one()
    rows = [_row(record, last - len(records) + index) for index, record in enumerate(records, start=1)]
    await connection.execute(insert(FEED), rows)


def _row(record: Record, position: int) -> dict[str, object]:
    content = json.loads(record.payload)
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
