"""The wire: a service's settings become the options of its clients, and every record can be stored."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from common.messaging.kafka.wire import LONGEST, KafkaAccess, from_wire
from common.settings import KafkaSecurity, Settings, UnusableSettingsError

BROKERS = {"MINGPAI_KAFKA_BOOTSTRAP_SERVERS": "kafka-1:9092"}
LOGIN = {"MINGPAI_KAFKA_USERNAME": "registry", "MINGPAI_KAFKA_PASSWORD": "secret"}


def access(**environ: str) -> KafkaAccess:
    return KafkaAccess.of(Settings.for_service("registry", {**BROKERS, **environ}))


def test_plain_brokers_are_not_sent_a_user() -> None:
    assert access(**LOGIN).options == {"security_protocol": "PLAINTEXT"}


def test_a_login_is_by_scram_and_its_password_is_not_shown() -> None:
    found = access(**LOGIN, MINGPAI_KAFKA_SECURITY="SASL_PLAINTEXT")
    assert found.options == {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "registry",
        "sasl_plain_password": "secret",
    }
    assert "secret" not in repr(found)


@pytest.mark.parametrize(("security", "logs_in"), [("SSL", False), ("SASL_SSL", True)])
def test_tls_checks_the_brokers_name_and_certificate(security: str, logs_in: bool) -> None:  # noqa: FBT001 -- a column of the table
    options = access(**LOGIN, MINGPAI_KAFKA_SECURITY=security).options
    context = options["ssl_context"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert ("sasl_plain_password" in options) is logs_in


def test_the_named_certificates_are_used(tmp_path: Path) -> None:
    found = KafkaAccess(servers="kafka-1:9092", security=KafkaSecurity.SSL, cafile=tmp_path / "missing.pem")
    with pytest.raises(FileNotFoundError):
        _ = found.options


def test_settings_without_brokers_are_refused() -> None:
    with pytest.raises(UnusableSettingsError, match="MINGPAI_KAFKA_BOOTSTRAP_SERVERS"):
        KafkaAccess.of(Settings.for_service("registry", {}))


@dataclass
class Found:
    """A record as a client of Kafka returns it."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    topic: str = "orders"
    partition: int = 3
    offset: int = 7


@given(
    key=st.none() | st.binary(max_size=700),
    value=st.none() | st.binary(max_size=20),
    headers=st.lists(
        st.tuples(st.sampled_from(["ce_id", "ce_type", "mingpai_id", "x\0y"]), st.none() | st.binary(max_size=700)),
        max_size=6,
    ),
)
def test_whatever_another_program_wrote_can_be_stored(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    record = from_wire(Found(key, value, headers))
    for text in (record.key, record.id, record.type, *record.headers, *record.headers.values()):
        assert "\0" not in text
        text.encode()  # raises for a lone surrogate
    assert 0 < len(record.id) <= LONGEST
    assert len(record.key) <= LONGEST


def test_two_long_keys_stay_two_keys_and_one_is_always_the_same() -> None:
    long, longer = b"k" * (LONGEST + 1), b"k" * (LONGEST + 2)
    keys = [from_wire(Found(key, b"", [])).key for key in (long, longer, long)]
    assert keys[0] == keys[2] != keys[1]


def test_an_id_that_is_missing_or_too_long_to_be_indexed_is_the_place_in_the_log() -> None:
    ids = [from_wire(Found(b"k", b"", [("ce_id", value)])).id for value in (b"", b"i" * (LONGEST + 1), b"i")]
    assert ids == ["orders/3/7", "orders/3/7", "i"]
