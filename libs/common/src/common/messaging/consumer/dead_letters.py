"""Dead letters: events that a consumer could not process, stored with their payload and the reason."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.ids import new_id
from common.messaging.bus import Record
from common.messaging.consumer.judging import Verdict, reason_of
from common.messaging.consumer.parking import columns_of
from common.storage.records import Records


def ids_of(record: Record) -> dict[str, str | None]:
    """Return the ids that identify this record in a log line."""
    headers = record.headers
    return {
        "event_id": record.id,
        "request_id": headers.get("ce_correlationid"),
        "traceparent": headers.get("ce_traceparent"),
    }


async def store_dead_letter(
    connection: AsyncConnection, records: Records, *, consumer: str, record: Record, verdict: Verdict
) -> None:
    """Store the event with its payload and the reason for setting it aside."""
    code, reason = reason_of(verdict.error)
    row = {
        "id": new_id("ded"),
        "consumer": consumer,
        **columns_of(record),
        "reason_code": code,
        "reason": reason,
        "attempts": verdict.attempts,
        "at": verdict.at,
    }
    await connection.execute(insert(records.dead_letters).values(row))
