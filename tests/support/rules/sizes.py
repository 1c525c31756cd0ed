"""The sizes of what a service has put in its outbox, each compared with the limit of its contract and topic."""

from sqlalchemy import select

from common.contracts.catalogue import EVENTS
from common.kernel.event import Audience
from support.service.alone import Alone


async def sizes_within_limits(service: Alone) -> dict[tuple[str, str], int]:
    """Return the bytes of the largest event by (class, audience); none is larger than its contract says."""
    table = service.runtime.storage.records.outbox
    async with service.runtime.storage.database.read() as connection:
        rows = (await connection.execute(select(table.c.type, table.c.topic, table.c.payload))).all()
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        event_class, audience = EVENTS[row.type], Audience(row.topic.split(".")[2])
        assert len(row.payload) <= event_class.limit(audience), (row.type, audience)
        key = (event_class.__name__, str(audience))
        found[key] = max(found.get(key, 0), len(row.payload))
    return found
