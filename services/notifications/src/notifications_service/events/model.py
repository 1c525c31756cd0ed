"""The feed's rows: every outside event once, at a position that is taken under one lock.

Invariant: a position becomes visible only after all smaller ones, so that a reader who keeps the last one misses none.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

from common.storage.columns import Headers
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
)
