"""The stored answers of idempotent requests, each under the client and route (`scope`) and the key it was sent with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, Table, Text, bindparam, delete, func, select

from common.storage.records import into
from common.storage.work import Work

_TRY_LOCK: Final = select(func.pg_try_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """An answer, and the fingerprint of its request."""

    fingerprint: str
    status: int
    headers: Mapping[str, str]
    body: bytes


async def lock_key(work: Work, scope: str, key: str) -> bool:
    """Lock the key until the transaction ends; False when a transaction of another process has locked it.

    On SQLite this does nothing: there is only one process, which locks its keys in memory.
    """
    if work.storage.database.dialect == "sqlite":
        return True
    return bool(await work.count(_TRY_LOCK, {"name": f"{scope} {key}"}))


async def find_answer(work: Work, scope: str, key: str) -> StoredAnswer | None:
    """Return the answer that is stored under the key."""
    asked = _answer_of(work.storage.records.idempotency)
    row = (await work.connection.execute(asked, {"scope": scope, "key": key})).one_or_none()
    if row is None:
        return None
    return StoredAnswer(fingerprint=row.fingerprint, status=row.status, headers=row.headers, body=row.body)


async def keep_answer(work: Work, scope: str, key: str, answer: StoredAnswer) -> None:
    """Store the answer in the transaction of its effect."""
    kept = {
        "scope": scope,
        "key": key,
        "fingerprint": answer.fingerprint,
        "status": answer.status,
        "headers": dict(answer.headers),
        "body": answer.body,
        "created_at": work.system_now,
    }
    await work.connection.execute(into(work.storage.records.idempotency), kept)


async def forget_answers(work: Work, window: timedelta) -> int:
    """Delete answers that are older than the window; returns how many."""
    table = work.storage.records.idempotency
    return (await work.connection.execute(delete(table).where(table.c.created_at < work.system_now - window))).rowcount


@cache
def _answer_of(table: Table) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads one answer by its `scope` and `key`."""
    return select(table).where(table.c.scope == bindparam("scope"), table.c.key == bindparam("key"))
