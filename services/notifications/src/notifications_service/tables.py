"""The tables of this service: one collection, and the base of its aggregates."""

from common.kernel.model import Aggregate, metadata
from common.storage.records import records

METADATA = metadata()
RECORDS = records(METADATA)


class Stored(Aggregate):
    """An aggregate stored in this service's database."""

    __abstract__ = True
    metadata = METADATA
