"""The feed's rows: each event that may leave the platform once, at a position that is assigned under one lock.

Invariant: a position becomes visible only after all smaller ones, so that a reader misses none after his last one.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from common.storage.columns import Headers
from common.storage.kept import kept
from notifications_service.tables import METADATA

POSITION = BigInteger().with_variant(Integer(), "sqlite")

HEAD = Table(
    "feed_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", POSITION, nullable=False),
)

FEED = Table(
    "feed",
    METADATA,
    Column("position", POSITION, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False, index=True),
    Column("audience", Text, nullable=False),
    Column("division", Text),
    Column("applicant", Text),
    Column("headers", Headers, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    info=kept("A reader who comes back, or starts again, must find what was published as it was published."),
)
