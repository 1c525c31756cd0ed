"""A row as Kafka carries it: CloudEvents in binary mode, the envelope as headers; and how brokers are reached.

Whatever stands in a topic becomes a record, also what no client of ours wrote: judging it is the consumer's business.
"""

import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from common.messaging.bus import Outgoing, Record
from common.settings import KafkaSecurity, Settings, UnusableSettingsError

MECHANISM: Final = "SCRAM-SHA-512"
_ID: Final = "ce_id"
_TYPE: Final = "ce_type"
_BARE_ID: Final = "mingpai_id"
_BARE_TYPE: Final = "mingpai_type"
"""Stand in for the envelope's headers where a row has none, and are taken off again."""


class Wire(NamedTuple):
    """A row as bytes."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def to_wire(row: Outgoing) -> Wire:
    """Return the row as bytes; its payload is passed on as it is."""
    headers = [(name, value.encode()) for name, value in row.headers.items()]
    if row.headers.get(_ID) != row.id:
        headers.append((_BARE_ID, row.id.encode()))
    if row.headers.get(_TYPE) != row.type:
        headers.append((_BARE_TYPE, row.type.encode()))
    return Wire(row.key.encode(), row.payload, headers)


def from_wire(found: Any) -> Record:  # noqa: ANN401 -- aiokafka's ConsumerRecord, which this module does not import
    """Return the record that a client of Kafka received; one without an id is known by its place in the log."""
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in found.headers}
    bare_id, bare_type = headers.pop(_BARE_ID, None), headers.pop(_BARE_TYPE, None)
    return Record(
        topic=found.topic,
        partition=found.partition,
        offset=found.offset,
        key=(found.key or b"").decode("utf-8", "replace"),
        id=bare_id or headers.get(_ID) or f"{found.topic}/{found.partition}/{found.offset}",
        type=bare_type or headers.get(_TYPE, ""),
        headers=headers,
        payload=found.value or b"",
    )


def records(found: Iterable[Any]) -> Sequence[Record]:
    """Return what a client of Kafka received, in order."""
    return [from_wire(one) for one in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where the brokers are, and as whom to speak to them."""

    servers: str
    security: KafkaSecurity = KafkaSecurity.PLAINTEXT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    cafile: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Access":
        """Read it from a service's settings. Raises UnusableSettingsError when they name no brokers."""
        if settings.kafka_bootstrap_servers is None:
            raise UnusableSettingsError(["MINGPAI_KAFKA_BOOTSTRAP_SERVERS: name the Kafka brokers"])
        password = settings.kafka_password
        return cls(
            servers=settings.kafka_bootstrap_servers,
            security=settings.kafka_security,
            username=settings.kafka_username,
            password=None if password is None else password.get_secret_value(),
            cafile=settings.kafka_cafile,
        )

    @property
    def options(self) -> dict[str, Any]:
        """Return what every client and connection of aiokafka takes, the addresses aside. Raises OSError."""
        options: dict[str, Any] = {"security_protocol": self.security.value}
        if self.security.encrypted:
            options["ssl_context"] = ssl.create_default_context(cafile=self.cafile)
        if self.security.authenticated:
            options |= {
                "sasl_mechanism": MECHANISM,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options
