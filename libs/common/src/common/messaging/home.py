"""A service as messaging sees it."""

from dataclasses import dataclass

from common.clock import Clock
from common.storage.engine import Database
from common.storage.records import Records
from common.tracing import OFF, Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Whose outbox and inbox it is: the service's name, its database with the record tables, system clock, tracing."""

    service: str
    database: Database
    records: Records
    clock: Clock
    tracing: Tracing = OFF
