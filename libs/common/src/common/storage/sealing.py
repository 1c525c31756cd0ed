"""The chain over the audit rows: each carries the hash of the one before it, so that none can be changed or taken out.

Rows are written unchained, so that writers do not queue for the end of the chain; one worker seals them in batches.
Anyone can recompute it: hash = SHA-256(previous hash as 32 bytes, then the row as canonical JSON, RFC 8785).
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from common.digests import canonical
from common.storage.records import Records

GENESIS: Final = "sha256:" + "0" * 64
SEALED_COLUMNS: Final = (
    "id",
    "at",
    "legal_at",
    "actor_sub",
    "actor_org",
    "action",
    "subject_type",
    "subject_id",
    "from_state",
    "to_state",
    "reason",
    "caused_by",
    "request_id",
    "payload_digest",
)


def link(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of an audit row that follows `previous` (`sha256:<hex>`)."""
    content = {name: _text(row[name]) for name in SEALED_COLUMNS}
    return f"sha256:{hashlib.sha256(bytes.fromhex(previous.removeprefix('sha256:')) + canonical(content)).hexdigest()}"


async def seal(connection: AsyncConnection, records: Records, limit: int = 500) -> int:
    """Chain up to `limit` rows that are not chained yet, in the order of `seq`; returns how many. The caller commits.

    Two workers at once fail on the unique position of the second, with an IntegrityError and nothing written.
    """
    audit = records.audit
    last = select(audit.c.position, audit.c.hash).where(audit.c.position.is_not(None))
    end = (await connection.execute(last.order_by(audit.c.position.desc()).limit(1))).one_or_none()
    position, previous = (0, GENESIS) if end is None else (end.position + 1, end.hash)
    unsealed = select(audit).where(audit.c.position.is_(None)).order_by(audit.c.seq).limit(limit)
    links = []
    for row in (await connection.execute(unsealed)).mappings():
        following = link(previous, dict(row))
        links.append({"sealed": row["seq"], "position": position, "previous": previous, "hash": following})
        position, previous = position + 1, following
    if links:
        await connection.execute(update(audit).where(audit.c.seq == bindparam("sealed")), links)
    return len(links)


def verify_chain(rows: Iterable[Mapping[str, Any]], *, previous: str = GENESIS, position: int = 0) -> int | None:
    """Check sealed rows, given in the order of their positions; returns the first position that is wrong, None if none.

    `previous` and `position` say where a part of the chain begins.
    """
    for row in rows:
        if row["position"] != position or row["previous"] != previous or row["hash"] != link(previous, row):
            return position
        position, previous = position + 1, row["hash"]
    return None


def _text(value: Any) -> str | None:  # noqa: ANN401 -- a column's value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return None if value is None else str(value)
