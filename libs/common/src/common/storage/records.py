"""The tables that every service has besides its own: what was told, heard, parked, set aside, done and answered.

They are written in the transaction of the change they speak of; that is what makes them true.
"""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    insert,
)

from common.storage.columns import Headers, UtcDateTime

BIG = BigInteger().with_variant(Integer(), "sqlite")


@dataclass(frozen=True, slots=True)
class Records:
    """The tables of one service, by what they hold."""

    outbox: Table
    inbox: Table
    offsets: Table
    parked: Table
    dead_letters: Table
    audit: Table
    idempotency: Table


def records(metadata: MetaData) -> Records:
    """Add the tables to a service's own metadata and return them."""
    return Records(
        outbox=_outbox(metadata),
        inbox=Table(
            "inbox",
            metadata,
            Column("consumer", Text, nullable=False),
            Column("event_id", Text, nullable=False),
            Column("received_at", UtcDateTime, nullable=False),
            PrimaryKeyConstraint("consumer", "event_id"),
        ),
        offsets=Table(
            "offsets",
            metadata,
            Column("consumer", Text, nullable=False),
            Column("topic", Text, nullable=False),
            Column("partition", Integer, nullable=False),
            Column("next_offset", BIG, nullable=False),
            PrimaryKeyConstraint("consumer", "topic", "partition"),
        ),
        parked=_parked(metadata),
        dead_letters=_dead_letters(metadata),
        audit=_audit(metadata),
        idempotency=Table(
            "idempotency",
            metadata,
            Column("scope", Text, nullable=False),
            Column("key", Text, nullable=False),
            Column("fingerprint", Text, nullable=False),
            Column("status", Integer, nullable=False),
            Column("headers", Headers, nullable=False),
            Column("body", LargeBinary, nullable=False),
            Column("created_at", UtcDateTime, nullable=False, index=True),
            PrimaryKeyConstraint("scope", "key"),
        ),
    )


@cache
def into(table: Table) -> Insert:
    """Return the statement that adds rows to a table; made once, as every request executes it."""
    return insert(table)


def _sequence() -> Column[int]:
    # CACHE 1: a session that takes numbers ahead would let a later commit of the same key have the smaller number
    return Column("seq", BIG, Identity(cache=1), primary_key=True)


def _record_columns() -> tuple[Column[object], ...]:
    return (
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", BIG, nullable=False),
        Column("key", Text, nullable=False),
        Column("event_id", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("headers", Headers, nullable=False),
        Column("payload", LargeBinary, nullable=False),
    )


def _outbox(metadata: MetaData) -> Table:
    """Hold what is to be told until the bus acknowledges it; the relay deletes a row after its ack."""
    return Table(
        "outbox",
        metadata,
        _sequence(),
        Column("id", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("headers", Headers, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        UniqueConstraint("topic", "id"),
        sqlite_autoincrement=True,  # a number is never given twice, or a repeated delete would take a new row
    )


def _parked(metadata: MetaData) -> Table:
    """Events set down for later, in the order of `seq` within (consumer, topic, key).

    The first row of a key says why the key stands still: `waiting_for` something, `dead` until a redrive, or `ready`
    to be replayed. A key with any row here has all its later events set down behind.
    """
    return Table(
        "parked",
        metadata,
        _sequence(),
        Column("consumer", Text, nullable=False),
        *_record_columns(),
        Column("waiting_for", Text),
        Column("dead", Boolean(create_constraint=False), nullable=False),
        Column("ready", Boolean(create_constraint=False), nullable=False),
        Column("parked_at", UtcDateTime, nullable=False),
        UniqueConstraint("consumer", "topic", "event_id"),
        Index("ix_parked_key", "consumer", "topic", "key", "seq"),
        Index("ix_parked_waiting_for", "waiting_for"),
        Index("ix_parked_ready", "consumer", "ready"),
        sqlite_autoincrement=True,
    )


def _dead_letters(metadata: MetaData) -> Table:
    """Events that could not be taken, with the reason; kept after a redrive as the record of what happened."""
    return Table(
        "dead_letters",
        metadata,
        Column("id", Text, primary_key=True),
        Column("consumer", Text, nullable=False),
        *_record_columns(),
        Column("reason_code", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("at", UtcDateTime, nullable=False),
        Column("redriven_at", UtcDateTime),
        Index("ix_dead_letters_key", "consumer", "topic", "key"),
    )


def _audit(metadata: MetaData) -> Table:
    """Who did what, when, why and caused by which event.

    `at` is the system's clock and `legal_at` the law's. Rows are written unchained; `position`, `previous` and `hash`
    are set later by the one worker that seals them (storage/sealing.py).
    """
    audit = Table(
        "audit",
        metadata,
        _sequence(),
        Column("id", Text, nullable=False, unique=True),
        Column("at", UtcDateTime, nullable=False),
        Column("legal_at", UtcDateTime, nullable=False),
        Column("actor_sub", Text, nullable=False),
        Column("actor_org", Text),
        Column("action", Text, nullable=False),
        Column("subject_type", Text, nullable=False),
        Column("subject_id", Text, nullable=False),
        Column("from_state", Text),
        Column("to_state", Text),
        Column("reason", Text),
        Column("caused_by", Text),
        Column("request_id", Text),
        Column("payload_digest", Text),
        Column("position", BIG, unique=True),
        Column("previous", Text),
        Column("hash", Text),
        Index("ix_audit_subject", "subject_type", "subject_id", "seq"),
        sqlite_autoincrement=True,
    )
    unsealed = audit.c.position.is_(None)
    Index("ix_audit_unsealed", audit.c.seq, sqlite_where=unsealed, postgresql_where=unsealed)
    return audit
