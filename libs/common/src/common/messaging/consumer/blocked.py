"""The blocked keys of a service, and what an operator may do with them: redrive, release, skip.

Each decision locks the key's partition, so that no consumer works on the key meanwhile, and is audited with its reason
in the same commit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.digests import digest_bytes
from common.kernel.errors import Permanent
from common.kernel.ids import new_id
from common.kernel.model import Disclosure
from common.messaging.bus import Partition
from common.messaging.consumer import inbox, parking
from common.messaging.consumer.dead_letters import store_dead_letter
from common.messaging.consumer.judging import Verdict
from common.messaging.consumer.parking import Mark, ParkedKey, is_first, why_blocked
from common.storage.audit.sealing import new_salt
from common.storage.database.engine import Database
from common.storage.records import Records, into

SUBJECT: Final = "parked"
"""The kind of subject under which decisions are audited; the subject is the key."""
_SHOWN: Final = ("parked_at", "consumer", "topic", "key", "type", "event_id")
_WHY_SHOWN: Final = ("waiting_for", "attempts", "next_try_at", "last_error")


class GivenUp(Permanent):
    """An event was skipped by an operator before it was dead; `blocked_by` is why it blocked its key."""

    def __init__(self, blocked_by: str) -> None:
        super().__init__("skipped")
        self.blocked_by = blocked_by

    def __str__(self) -> str:
        return f"{self.reason}: {self.blocked_by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decides about blocked keys, why, and when on both clocks."""

    by: str
    reason: str
    at: datetime
    legal_at: datetime


async def blocked_keys(database: Database, records: Records) -> list[dict[str, Any]]:
    """Return the first event of each blocked key, the longest parked first, with how many wait behind it.

    The payload is left out, because it may contain personal data. Raises Unavailable.
    """
    parked, others = records.parked, records.parked.alias()
    same_key = (others.c.consumer == parked.c.consumer, others.c.topic == parked.c.topic, others.c.key == parked.c.key)
    behind = select(func.count()).select_from(others).where(*same_key, others.c.seq > parked.c.seq).scalar_subquery()
    asked = select(
        *(parked.c[name] for name in _SHOWN),
        why_blocked(parked).label("why"),
        *(parked.c[name] for name in _WHY_SHOWN),
        behind.label("behind"),
    )
    async with database.read() as connection:
        found = await connection.execute(asked.where(is_first(parked)).order_by(parked.c.seq))
        return [dict(row) for row in found.mappings()]


async def redrive(database: Database, records: Records, *, key: str, decision: Decision) -> int:
    """Make the key's dead or failing events due at once, with all attempts before them; returns for how many consumers.

    The consumer replays its parked events in order. An event that fails again gets a new dead letter. Raises
    Unavailable.
    """
    firsts = _firsts(records, "dead", "retrying").where(records.parked.c.key == key)
    return await _decide(database, records, firsts, "redrive", decision)


async def release(database: Database, records: Records, *, key: str, decision: Decision) -> int:
    """Make the key's waiting events due at once; returns for how many consumers.

    An event whose reaction still misses something waits again. Raises Unavailable.
    """
    firsts = _firsts(records, "waiting").where(records.parked.c.key == key)
    return await _decide(database, records, firsts, "release", decision)


async def skip(database: Database, records: Records, *, event_id: str, decision: Decision) -> int:
    """Give up an event that blocks its key: it never has its effect here; returns for how many consumers.

    It is kept as a dead letter, and the events behind it are due. Raises Unavailable.
    """
    firsts = _firsts(records, *parking.WHYS).where(records.parked.c.event_id == event_id)
    return await _decide(database, records, firsts, "skip", decision)


def _firsts(records: Records, *whys: str) -> Select[*tuple[Any, ...]]:
    parked = records.parked
    why = why_blocked(parked)
    return select(parked, why.label("why")).where(is_first(parked), why.in_(whys)).order_by(parked.c.seq)


async def _decide(
    database: Database, records: Records, firsts: Select[*tuple[Any, ...]], action: str, decision: Decision
) -> int:
    async with database.write() as connection:
        for row in (await connection.execute(firsts)).all():
            await inbox.lock(connection, records, row.consumer, Partition(row.topic, row.partition))
        decided = (await connection.execute(firsts)).all()  # again: a consumer may have been faster
        for row in decided:
            if action == "skip":
                await _give_up(connection, records, row, decision)
            else:
                await _resume(connection, records, row, decision)
        if decided:
            await connection.execute(into(records.audit), [_audit(row, action, decision) for row in decided])
        await connection.commit()
    return len(decided)


async def _resume(connection: AsyncConnection, records: Records, row: Row[Any], decision: Decision) -> None:
    await parking.set_mark(connection, records, row.seq, Mark(next_try_at=decision.at))
    letters = records.dead_letters
    await connection.execute(_open_letters(records, row).values({letters.c.redriven_at: decision.at}))


async def _give_up(connection: AsyncConnection, records: Records, row: Row[Any], decision: Decision) -> None:
    letters = records.dead_letters
    if row.why != "dead":
        blocked_by = f"it waited for {row.waiting_for}" if row.waiting_for else row.last_error or "it was due"
        verdict = Verdict(GivenUp(blocked_by), attempts=row.attempts, at=decision.at, next_try_at=None)
        record = parking.record_of(row)
        await store_dead_letter(connection, records, consumer=row.consumer, record=record, verdict=verdict)
    await connection.execute(_open_letters(records, row).values({letters.c.skipped_at: decision.at}))
    await parking.unpark(connection, records, [row.seq])
    key = ParkedKey(Partition(row.topic, row.partition), row.key)
    behind = await parking.parked_rows(connection, records, consumer=row.consumer, key=key, limit=1)
    for one in behind:
        await parking.set_mark(connection, records, one.seq, Mark(next_try_at=decision.at))


def _open_letters(records: Records, row: Row[Any]) -> Update:
    letters = records.dead_letters
    return update(letters).where(
        letters.c.consumer == row.consumer,
        letters.c.topic == row.topic,
        letters.c.key == row.key,
        letters.c.event_id == row.event_id,
        letters.c.redriven_at.is_(None),
        letters.c.skipped_at.is_(None),
    )


def _audit(row: Row[Any], action: str, decision: Decision) -> dict[str, object]:
    return {
        "id": new_id(None),
        "at": decision.at,
        "legal_at": decision.legal_at,
        "actor_sub": decision.by,
        "actor_org": None,
        "disclosure": Disclosure.READERS,
        "action": action,
        "subject_type": SUBJECT,
        "subject_id": row.key,
        "from_state": row.why,
        "to_state": "skipped" if action == "skip" else "ready",
        "reason": decision.reason,
        "caused_by": row.event_id,
        "request_id": None,
        "payload_digest": digest_bytes(row.payload),
        "salt": new_salt(),
    }
