"""The idempotent answer: stored in the transaction of its effect, replayed for the same key, refused for another body.

An answer belongs to a client and a route and is stored for `idempotency_hours`; only 2xx answers are stored. A request
in flight is detected on PostgreSQL by trying a lock on the key in the transaction (a second insert would only block),
on SQLite by a set in the one process that owns the file.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from common.kernel.digests import digest, digest_bytes
from common.runtime import Runtime
from common.storage.answers import StoredAnswer, find_answer, keep_answer, lock_key
from common.storage.work import Work
from common.web.input.strict import is_form
from common.web.refusals import IdempotencyInFlight, IdempotencyKeyReused

KEPT_HEADERS = ("location", "etag", "content-type")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request under a key: client and route (`scope`), the key, and the digest of its content (`fingerprint`)."""

    scope: str
    key: str
    fingerprint: str


async def fingerprint(request: Request) -> str:
    """Return the digest of path and content (canonical JSON, or a form's fields and files); spelling has no effect."""
    if is_form(request):
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
    """Claim the key while the request runs in this process; raises IdempotencyInFlight when it is claimed already."""
    held = (attempt.scope, attempt.key)
    if held in runtime.in_flight:
        raise IdempotencyInFlight
    runtime.in_flight.add(held)
    try:
        yield
    finally:
        runtime.in_flight.discard(held)


async def replay(work: Work, attempt: Attempt) -> Response | None:
    """Return the stored answer of the same request, None for a first one.

    Raises IdempotencyInFlight when another process has locked the key, and IdempotencyKeyReused when the stored answer
    belongs to another body.
    """
    if not await lock_key(work, attempt.scope, attempt.key):
        raise IdempotencyInFlight
    stored = await find_answer(work, attempt.scope, attempt.key)
    if stored is None:
        return None
    if stored.fingerprint != attempt.fingerprint:
        raise IdempotencyKeyReused
    return Response(stored.body, stored.status, {**stored.headers, "Idempotent-Replayed": "true"})


async def remember(work: Work, attempt: Attempt, response: Response) -> None:
    """Store the answer in the transaction of its effect."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    answer = StoredAnswer(
        fingerprint=attempt.fingerprint, status=response.status_code, headers=headers, body=bytes(response.body)
    )
    await keep_answer(work, attempt.scope, attempt.key, answer)
