"""The tables that every service has besides its own: outbox, inbox, audit and the others below.

Each row is written in the transaction of the change that it records. A change of these tables needs a step for the
existing databases: migrations/steps.py.
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

from common.kernel.model import Disclosure
from common.storage.columns import EnumText, Headers, UtcDateTime
from common.storage.kept import kept

BIG = BigInteger().with_variant(Integer(), "sqlite")


@dataclass(frozen=True, slots=True)
class Records:
    """The record tables of one service."""

    outbox: Table
    inbox: Table
    offsets: Table
    parked: Table
    dead_letters: Table
    audit: Table
    seals: Table
    idempotency: Table
    uploads: Table
    counters: Table


def records(metadata: MetaData) -> Records:
    """Add the record tables to a service's metadata and return them."""
    return Records(
        outbox=_outbox(metadata),
        inbox=Table(
            "inbox",
            metadata,
            Column("consumer", Text, nullable=False),
            Column("event_id", Text, nullable=False),
            Column("received_at", UtcDateTime, nullable=False),
            PrimaryKeyConstraint("consumer", "event_id"),
            info=kept(
                "An effect happens once per event: without its row an event would have its effect again.", absorbs=True
            ),
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
        seals=_seals(metadata),
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
        uploads=_uploads(metadata),
        counters=Table("counters", metadata, Column("id", Text, primary_key=True), Column("last", BIG, nullable=False)),
    )


@cache
def into(table: Table) -> Insert:
    """Return the INSERT statement of a table; built once, because every request executes it."""
    return insert(table)


def _sequence() -> Column[int]:
    # CACHE 1: if a session reserved numbers, an event of a key could get a smaller number than an earlier one
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
    """Events to be published: the relay deletes a row when the bus has acknowledged it."""
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
        sqlite_autoincrement=True,  # never reuses a number: a repeated delete must not remove a newer row
    )


def _parked(metadata: MetaData) -> Table:
    """Events parked for later processing, in the order of `seq` within (consumer, topic, key).

    The first row of a key says why the key is blocked: `waiting_for` something, `dead` until an operator decides, or
    replayed from `next_try_at` on, after `attempts` failures with `last_error`. While a key has a row here, its later
    events are parked behind it, without any of these.
    """
    return Table(
        "parked",
        metadata,
        _sequence(),
        Column("consumer", Text, nullable=False),
        *_record_columns(),
        Column("waiting_for", Text),
        Column("dead", Boolean(create_constraint=False), nullable=False),
        Column("next_try_at", UtcDateTime),
        Column("attempts", Integer, nullable=False),
        Column("last_error", Text),
        Column("parked_at", UtcDateTime, nullable=False),
        UniqueConstraint("consumer", "topic", "event_id"),
        Index("ix_parked_key", "consumer", "topic", "key", "seq"),
        Index("ix_parked_waiting_for", "waiting_for"),
        Index("ix_parked_next_try_at", "consumer", "next_try_at"),
        sqlite_autoincrement=True,
    )


def _dead_letters(metadata: MetaData) -> Table:
    """Events whose processing failed for good, with the reason; kept after a redrive or a skip as a record."""
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
        Column("skipped_at", UtcDateTime),
        Index("ix_dead_letters_key", "consumer", "topic", "key"),
        info=kept(
            "What could not be processed stays on record, also after a redrive.", changes=("redriven_at", "skipped_at")
        ),
    )


def _uploads(metadata: MetaData) -> Table:
    """Files in the store, one row for each upload: see uploads/storage.py."""
    return Table(
        "uploads",
        metadata,
        Column("id", Text, primary_key=True),
        Column("org", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("size", BIG, nullable=False),
        Column("state", Text, nullable=False),
        Column("at", UtcDateTime, nullable=False),
        Index("ix_uploads_org", "org"),
        Index("ix_uploads_digest", "digest"),
        Index("ix_uploads_state", "state", "at"),
    )


def _audit(metadata: MetaData) -> Table:
    """Who did what, when, why, and which event caused it.

    `at` is the time of the system clock, `legal_at` that of the legal clock. `disclosure` says to whom
    the actor is shown. `salt` hides the personal fields in the row's hash (audit/sealing.py).
    """
    return Table(
        "audit",
        metadata,
        _sequence(),
        Column("id", Text, nullable=False, unique=True),
        Column("at", UtcDateTime, nullable=False),
        Column("legal_at", UtcDateTime, nullable=False),
        Column("actor_sub", Text, nullable=False),
        Column("actor_org", Text),
        Column("disclosure", EnumText(Disclosure), nullable=False),
        Column("action", Text, nullable=False),
        Column("subject_type", Text, nullable=False),
        Column("subject_id", Text, nullable=False),
        Column("from_state", Text),
        Column("to_state", Text),
        Column("reason", Text),
        Column("caused_by", Text),
        Column("request_id", Text),
        Column("payload_digest", Text),
        Column("salt", Text, nullable=False),
        Index("ix_audit_subject", "subject_id", "seq"),
        info=kept("Who did what, when and why is evidence, also against the operator of the platform."),
        sqlite_autoincrement=True,
    )


def _seals(metadata: MetaData) -> Table:
    """The hash chain over the audit rows: the row `seq` has the place `position` in it (audit/sealing.py)."""
    return Table(
        "seals",
        metadata,
        Column("position", BIG, primary_key=True, autoincrement=False),
        Column("seq", BIG, nullable=False, unique=True),
        Column("previous", Text, nullable=False),
        Column("hash", Text, nullable=False),
        info=kept("A seal proves that an audit row was not changed after it was sealed."),
    )
