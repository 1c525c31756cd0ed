"""The rows that account for stored files: one for each upload, from before its bytes are stored.

An upload is `pending` until the command that refers to the file is committed, then `kept`, and pending again when
nothing refers to it (`release`). An overdue pending one is `removing` while its bytes are removed, then forgotten. They
are removed only if no other upload has their digest, and meanwhile no upload of that digest begins.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, select, update

from common.kernel.errors import Transient
from common.storage.records import into
from common.storage.work import Work
from common.uploads.refusals import FileQuotaExceeded

GRACE: Final = timedelta(hours=1)
"""How long a command may take after its file was announced; then the upload is swept."""
REMOVAL: Final = timedelta(minutes=1)
"""How long a removal may take; then it is repeated."""
BATCH: Final = 50


class State(StrEnum):
    """What an upload waits for."""

    PENDING = "pending"
    KEPT = "kept"
    REMOVING = "removing"


async def begin(work: Work, *, digest: str, size: int, quota: int) -> str:
    """Account for a file of the actor's organisation before it is stored; return the upload's id.

    A file that the organisation has already counts once. Raises FileQuotaExceeded, and Transient while an earlier copy
    of the same file is being removed.
    """
    uploads, org = work.storage.records.uploads, work.actor.org
    await _lock(work, f"quota {org}")
    await _lock(work, f"file {digest}")
    of_digest = select(func.count()).select_from(uploads).where(uploads.c.digest == digest)
    if await work.count(of_digest.where(uploads.c.state == State.REMOVING)):
        raise Transient("file-being-removed")
    if not await work.count(of_digest.where(uploads.c.org == org)):
        used = await stored_by(work, org)
        if used + size > quota:
            raise FileQuotaExceeded(used=used, limit=quota, size=size)
    upload_id = work.new_id(None)
    row = {"id": upload_id, "org": org, "digest": digest, "size": size, "state": State.PENDING, "at": work.system_now}
    await work.connection.execute(into(uploads), row)
    return upload_id


async def stored_by(work: Work, org: str) -> int:
    """Return how many bytes an organisation's files have, each counted once."""
    uploads = work.storage.records.uploads
    files = select(func.max(uploads.c.size).label("size")).where(uploads.c.org == org).group_by(uploads.c.digest)
    return await work.count(select(func.coalesce(func.sum(files.subquery().c.size), 0)))


async def keep(work: Work, upload_id: str) -> None:
    """Keep the file, in the transaction that refers to it. Raises Transient when the upload was swept meanwhile."""
    uploads = work.storage.records.uploads
    pending = (uploads.c.id == upload_id, uploads.c.state == State.PENDING)
    kept = await work.connection.execute(update(uploads).where(*pending).values(state=State.KEPT))
    if kept.rowcount != 1:
        raise Transient("upload-was-swept")


async def release(work: Work, *, org: str, digest: str) -> None:
    """Give up one kept upload of an organisation's file, because one of the places that refer to it no longer does.

    Each place keeps an upload of its own, so that the bytes stay while one of them is left. The sweep removes what is
    given up, and until then it counts to the quota.
    """
    uploads = work.storage.records.uploads
    one = (
        select(uploads.c.id)
        .where(uploads.c.org == org, uploads.c.digest == digest, uploads.c.state == State.KEPT)
        .order_by(uploads.c.id)
        .limit(1)
        .with_for_update()
    )
    found = (await work.connection.execute(one)).scalar_one_or_none()
    if found is not None:
        given_up = {"state": State.PENDING, "at": work.system_now - GRACE}
        await work.connection.execute(update(uploads).where(uploads.c.id == found).values(**given_up))


async def begin_removal(work: Work, upload_id: str) -> str | None:
    """Begin to remove an upload that is not kept; return its digest if the caller must remove the bytes too.

    Only one process removes them: another one may repeat it when `REMOVAL` has passed.
    """
    uploads = work.storage.records.uploads
    row = (await work.connection.execute(select(uploads).where(uploads.c.id == upload_id))).one_or_none()
    if row is None:
        return None
    await _lock(work, f"file {row.digest}")
    abandoned = (uploads.c.state == State.REMOVING) & (uploads.c.at <= work.system_now - REMOVAL)
    mine = (uploads.c.id == upload_id, (uploads.c.state == State.PENDING) | abandoned)
    others = select(func.count()).select_from(uploads).where(uploads.c.digest == row.digest, uploads.c.id != upload_id)
    if await work.count(others):
        await work.connection.execute(delete(uploads).where(*mine))
        return None
    removing = await work.connection.execute(
        update(uploads).where(*mine).values(state=State.REMOVING, at=work.system_now)
    )
    return row.digest if removing.rowcount else None


async def forget(work: Work, upload_id: str) -> None:
    """Forget an upload whose bytes have been removed."""
    uploads = work.storage.records.uploads
    await work.connection.execute(delete(uploads).where(uploads.c.id == upload_id, uploads.c.state == State.REMOVING))


async def overdue(work: Work) -> Sequence[str]:
    """Return uploads whose command did not end in time, and removals that did not."""
    uploads = work.storage.records.uploads
    late = ((uploads.c.state == State.PENDING) & (uploads.c.at <= work.system_now - GRACE)) | (
        (uploads.c.state == State.REMOVING) & (uploads.c.at <= work.system_now - REMOVAL)
    )
    return (await work.connection.execute(select(uploads.c.id).where(late).limit(BATCH))).scalars().all()


async def _lock(work: Work, name: str) -> None:
    """Let one transaction at a time account for this; SQLite has one writer at a time."""
    if work.storage.database.dialect == "postgresql":
        await work.connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
