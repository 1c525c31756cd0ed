"""The format of a row in Kafka: CloudEvents in binary mode, the envelope as headers; and the access to the brokers.

Every row of a topic becomes a record, also a row of another program: the consumer's decoder refuses it if invalid.
"""

import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from common.kernel.digests import digest_bytes
from common.messaging.bus import Outgoing, Record
from common.settings import KafkaSecurity, Settings, UnusableSettingsError

MECHANISM: Final = "SCRAM-SHA-512"
LONGEST: Final = 500
"""The most characters of an id or key of another program's row; a database cannot index a text of any length."""
_ID: Final = "ce_id"
_TYPE: Final = "ce_type"
_BARE_ID: Final = "mingpai_id"
_BARE_TYPE: Final = "mingpai_type"
"""The header of a row that has no envelope headers; it is removed again when the row is read."""


class Wire(NamedTuple):
    """A row as bytes."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def to_wire(row: Outgoing) -> Wire:
    """Return the row as bytes; its payload is passed on unchanged."""
    headers = [(name, value.encode()) for name, value in row.headers.items()]
    if row.headers.get(_ID) != row.id:
        headers.append((_BARE_ID, row.id.encode()))
    if row.headers.get(_TYPE) != row.type:
        headers.append((_BARE_TYPE, row.type.encode()))
    return Wire(row.key.encode(), row.payload, headers)


def from_wire(found: Any) -> Record:  # noqa: ANN401 -- aiokafka's ConsumerRecord, which this module does not import
    """Return the record that a client of Kafka received, whatever was written: every text of it can be stored.

    One without an id, or with one that is too long to be stored, gets its place in the log as id.
    """
    headers = {_text(name.encode("utf-8", "replace")): _text(value or b"") for name, value in found.headers}
    bare_id, bare_type = headers.pop(_BARE_ID, None), headers.pop(_BARE_TYPE, None)
    given_id = bare_id or headers.get(_ID)
    return Record(
        topic=found.topic,
        partition=found.partition,
        offset=found.offset,
        key=_key(found.key or b""),
        id=given_id if given_id and len(given_id) <= LONGEST else f"{found.topic}/{found.partition}/{found.offset}",
        type=bare_type or headers.get(_TYPE, ""),
        headers=headers,
        payload=found.value or b"",
    )


def _text(given: bytes) -> str:
    return given.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _key(given: bytes) -> str:
    """Return the key as text: a digest when it is too long, so that its events keep their order."""
    text = _text(given)
    return text if len(text) <= LONGEST else digest_bytes(given)


def records(found: Iterable[Any]) -> Sequence[Record]:
    """Return what a client of Kafka received, in order."""
    return [from_wire(one) for one in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaAccess:
    """The addresses of the brokers, and the user and security to connect with."""

    servers: str
    security: KafkaSecurity = KafkaSecurity.PLAINTEXT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    cafile: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> "KafkaAccess":
        """Return the access from a service's settings. Raises UnusableSettingsError when they name no brokers."""
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
        """Return the options of every client and connection of aiokafka, without the addresses. Raises OSError."""
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
