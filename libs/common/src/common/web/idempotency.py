"""The idempotent answer: stored in the transaction of its effect, replayed for the same key, refused for another body.

Scoped to client and route, kept for `idempotency_hours`; only 2xx are stored. In flight: PostgreSQL tries a lock on the
key within the transaction (a second insert would only block), SQLite keeps a set in the one process that owns the file.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from fastapi import Request, Response
from sqlalchemy import Select, Table, Text, bindparam, delete, func, select
from starlette.datastructures import UploadFile

from common.digests import digest, digest_bytes
from common.runtime import Runtime
from common.storage.records import into
from common.storage.work import Work
from common.web.refusals import IdempotencyInFlight, IdempotencyKeyReused

_TRY_LOCK: Final = select(func.pg_try_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)))
KEPT_HEADERS = ("location", "etag", "content-type")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request under a key: who and where (`scope`), the key, and what it asks (`fingerprint`)."""

    scope: str
    key: str
    fingerprint: str


async def fingerprint(request: Request) -> str:
    """Digest path and content: canonical JSON, or a form's fields and files, so that spelling does not matter."""
    media = request.headers.get("content-type", "").partition(";")[0].strip()
    if media == "multipart/form-data":
        form = await request.form()
        parts = [[name, await _content(value)] for name, value in form.multi_items()]
        return digest([request.url.path, parts])
    body = await request.body()
    return digest([request.url.path, await request.json() if body else None])


async def _content(value: UploadFile | str) -> list[str]:
    if isinstance(value, str):
        return ["text", value]
    content = await value.read()
    await value.seek(0)
    return ["file", value.filename or "", digest_bytes(content)]


@asynccontextmanager
async def claimed(runtime: Runtime, attempt: Attempt) -> AsyncIterator[None]:
    """Hold the key while the request runs in this process; raises IdempotencyInFlight when it is held."""
    held = (attempt.scope, attempt.key)
    if held in runtime.in_flight:
        raise IdempotencyInFlight
    runtime.in_flight.add(held)
    try:
        yield
    finally:
        runtime.in_flight.discard(held)


async def replay(runtime: Runtime, work: Work, attempt: Attempt) -> Response | None:
    """Return the stored answer of the same request, None for a first one.

    Raises IdempotencyInFlight when another process holds the key and IdempotencyKeyReused when the body is another.
    """
    locks = runtime.database.dialect == "postgresql"
    if locks and not await work.count(_TRY_LOCK, {"name": f"{attempt.scope} {attempt.key}"}):
        raise IdempotencyInFlight
    named = {"scope": attempt.scope, "key": attempt.key}
    stored = (await work.connection.execute(_answer_of(work.records.idempotency), named)).one_or_none()
    if stored is None:
        return None
    if stored.fingerprint != attempt.fingerprint:
        raise IdempotencyKeyReused
    return Response(stored.body, stored.status, {**stored.headers, "Idempotent-Replayed": "true"})


async def remember(work: Work, attempt: Attempt, response: Response) -> None:
    """Store the answer beside its effect."""
    kept = {
        "scope": attempt.scope,
        "key": attempt.key,
        "fingerprint": attempt.fingerprint,
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        "body": bytes(response.body),
        "created_at": work.system_now,
    }
    await work.connection.execute(into(work.records.idempotency), kept)


async def forget_old(runtime: Runtime, work: Work) -> int:
    """Delete answers older than the window; returns how many."""
    table = work.records.idempotency
    horizon = work.system_now - runtime.settings.idempotency_window
    return (await work.connection.execute(delete(table).where(table.c.created_at < horizon))).rowcount


@cache
def _answer_of(table: Table) -> Select[*tuple[Any, ...]]:
    """Return the question for one answer by its `scope` and `key`."""
    return select(table).where(table.c.scope == bindparam("scope"), table.c.key == bindparam("key"))
