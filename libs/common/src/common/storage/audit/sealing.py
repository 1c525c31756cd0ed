"""The hash chain over the audit rows: each seal contains the hash of its predecessor, so that a change is found.

Rows are written without hashes, so that writers do not queue for the chain's end; one worker adds the seals in batches.
The formula is in docs/decisions/0008: anyone can recompute it, also for a row whose personal fields are withheld, since
it covers salted digests of these. A row is taken as it has become, also by forgery: an alien value counts as its text.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, Text, exists, insert, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from common.kernel.digests import canonical
from common.storage.records import Records

GENESIS: Final = "sha256:" + "0" * 64
LONGEST_TRANSACTION: Final = timedelta(minutes=2)
"""A row of a longer transaction is sealed by the pass over all rows, at the worker's start and every hour."""
OPEN: Final = (
    "id",
    "at",
    "legal_at",
    "action",
    "subject_type",
    "subject_id",
    "from_state",
    "to_state",
    "caused_by",
    "request_id",
    "disclosure",
)
"""The columns that the hash covers as they are."""
PERSONAL: Final = ("actor_sub", "actor_org", "reason", "payload_digest")
"""The columns that the hash covers by a salted digest: their values may be withheld from a reader."""


def new_salt() -> str:
    """Return the salt of a new row, in hexadecimal."""
    return secrets.token_hex(16)


def as_stored(audit: Table) -> list[ColumnElement[Any]]:
    """Return the columns of the audit, not converted to types of ours, which a forged value may not have."""
    return [column if column.name == "seq" else type_coerce(column, Text).label(column.name) for column in audit.c]


def salt_of(row: Mapping[str, Any], name: str) -> bytes:
    """Return the salt of a personal field; it says nothing about the salts of the row's other fields."""
    salt = str(row["salt"])
    try:
        key = bytes.fromhex(salt)
    except ValueError:  # forged: the digests are then others than those that were sealed
        key = salt.encode()
    return hmac.digest(key, name.encode(), "sha256")


def digest_of(row: Mapping[str, Any], name: str) -> str:
    """Return the salted digest of a personal field, which the hash of the row covers."""
    return f"sha256:{hashlib.sha256(salt_of(row, name) + canonical(text_of(row[name]))).hexdigest()}"


def link(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of an audit row whose predecessor has the hash `previous` (`sha256:<hex>`)."""
    content = {name: text_of(row[name]) for name in OPEN} | {name: digest_of(row, name) for name in PERSONAL}
    return f"sha256:{hashlib.sha256(bytes.fromhex(previous.removeprefix('sha256:')) + canonical(content)).hexdigest()}"


def is_intact(row: Mapping[str, Any]) -> bool:
    """Return whether a row with its seal has the content that was sealed."""
    try:
        return link(row["previous"], row) == str(row["hash"])
    except ValueError:  # the seal itself is forged
        return False


async def seal(
    connection: AsyncConnection, records: Records, *, slack: timedelta | None = LONGEST_TRANSACTION, limit: int = 500
) -> int:
    """Seal up to `limit` unsealed rows in the order of `seq`; returns how many. The caller commits.

    On PostgreSQL a row may be committed after one with a higher `seq`: rows are examined again until they are older
    than the newest seal's row by `slack`; with None all are. When two workers seal at once, the second gets an
    IntegrityError and writes nothing.
    """
    audit, seals = records.audit, records.seals
    last = select(seals.c.position, seals.c.seq, seals.c.hash, audit.c.at).join(audit, audit.c.seq == seals.c.seq)
    end = (await connection.execute(last.order_by(seals.c.position.desc()).limit(1))).one_or_none()
    position, previous, settled = (0, GENESIS, 0) if end is None else (end.position + 1, end.hash, end.seq)
    if end is not None and connection.dialect.name == "postgresql":
        settled = 0 if slack is None else await _settled(connection, audit, before=end.at - slack)
    # The bound on the seals repeats that on the rows: without it, PostgreSQL may read all seals.
    sealed = exists().where(seals.c.seq == audit.c.seq, seals.c.seq > settled)
    unsealed = select(*as_stored(audit)).where(audit.c.seq > settled, ~sealed).order_by(audit.c.seq).limit(limit)
    links = []
    for row in (await connection.execute(unsealed)).mappings():
        following = link(previous, dict(row))
        links.append({"position": position, "seq": row["seq"], "previous": previous, "hash": following})
        position, previous = position + 1, following
    if links:
        await connection.execute(insert(seals), links)
    return len(links)


async def _settled(connection: AsyncConnection, audit: Table, *, before: datetime) -> int:
    """Return the `seq` of the newest row that was written before this instant, 0 when there is none."""
    older = select(audit.c.seq).where(audit.c.at < before).order_by(audit.c.seq.desc()).limit(1)
    return (await connection.execute(older)).scalar_one_or_none() or 0


def text_of(value: Any) -> str | None:  # noqa: ANN401 -- a column's value
    """Return a column's value as the text that the hash covers: instants in UTC with six digits of a second."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    return None if value is None else str(value)
