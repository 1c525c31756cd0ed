"""Takes a file in: announced in the database, then stored, then kept by the command's commit, or removed again.

The store is called only while no transaction is open. What a refusal leaves is removed at once, and what a crash leaves
by the job `sweep uploads`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from common.files.refusals import FileTooLarge
from common.files.store import StoredFile
from common.kernel.actor import SYSTEM, Actor
from common.kernel.digests import digest_bytes
from common.kernel.errors import Transient
from common.runtime import Runtime
from common.storage.work import Work
from common.uploads import storage
from common.uploads.storage import GRACE

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Upload:
    """A file that is stored and not kept yet."""

    id: str
    file: StoredFile
    kept: bool = False

    async def keep(self, work: Work) -> None:
        """Keep the file, in the transaction of the command that refers to it."""
        await storage.keep(work, self.id)
        self.kept = True


@asynccontextmanager
async def taken_in(runtime: Runtime, actor: Actor, content: bytes, *, limit: int) -> AsyncIterator[Upload]:
    """Store the file for the block; unless the block has kept it and its transaction was committed, it is removed.

    Raises FileTooLarge, FileTypeNotTaken, FileUnreadable, FileQuotaExceeded, and Transient when the store fails.
    """
    if len(content) > limit:
        raise FileTooLarge(limit=limit)
    digest = await asyncio.to_thread(digest_bytes, content)
    async with runtime.transaction(actor=actor, correlation=runtime.own_correlation()) as work:
        upload_id = await storage.begin(work, digest=digest, size=len(content), quota=runtime.settings.files_quota)
    try:
        upload = Upload(upload_id, await runtime.ports.files.put(content, limit=limit))
        yield upload
    except Exception:  # raised again; a cancelled request leaves the file to the sweep
        await _remove_or_leave(runtime, upload_id)
        raise
    if not upload.kept:
        await _remove_or_leave(runtime, upload_id)


async def sweep(runtime: Runtime) -> int:
    """Remove what refused commands and ended processes have left; return how many uploads were removed."""
    async with runtime.reading(actor=SYSTEM, correlation=runtime.own_correlation()) as work:
        late = await storage.overdue(work)
    for upload_id in late:
        await _remove(runtime, upload_id)
    await runtime.ports.files.tidy(older_than=GRACE)
    if late:
        log.info("uploads-swept", service=runtime.service, count=len(late))
    return len(late)


async def _remove_or_leave(runtime: Runtime, upload_id: str) -> None:
    """Remove an upload whose command was refused; what fails now is left to the sweep, and the refusal is reported."""
    try:
        await _remove(runtime, upload_id)
    except Transient as failure:
        log.warning("upload-left-to-sweep", upload=upload_id, reason=failure.reason)


async def _remove(runtime: Runtime, upload_id: str) -> None:
    async with runtime.transaction(actor=SYSTEM, correlation=runtime.own_correlation()) as work:
        digest = await storage.begin_removal(work, upload_id)
    if digest is None:
        return
    await runtime.ports.files.remove(digest)
    async with runtime.transaction(actor=SYSTEM, correlation=runtime.own_correlation()) as work:
        await storage.forget(work, upload_id)
