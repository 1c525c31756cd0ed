"""A service's storage: the name of the service, its database, and the tables that every service has."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.kernel.errors import MingpaiError
from common.observability.instruments import Instruments
from common.storage.database.engine import Database
from common.storage.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStorage:
    """The storage that the transactions, relay and consumers of a service use.

    `url` is the origin that users see; events name their schemas under it. `named_errors` turns a violated constraint,
    by its name, into the noun's own error.
    """

    service: str
    url: str
    database: Database
    records: Records
    instruments: Instruments
    named_errors: Mapping[str, type[MingpaiError]] = field(default_factory=dict)
