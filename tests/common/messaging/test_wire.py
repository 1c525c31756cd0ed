"""How brokers are reached: what a service's settings say becomes what a client is made with."""

import ssl
from pathlib import Path

import pytest

from common.messaging.wire import Access
from common.settings import KafkaSecurity, Settings, UnusableSettingsError

BROKERS = {"MINGPAI_KAFKA_BOOTSTRAP_SERVERS": "kafka-1:9092"}
LOGIN = {"MINGPAI_KAFKA_USERNAME": "registry", "MINGPAI_KAFKA_PASSWORD": "secret"}


def access(**environ: str) -> Access:
    return Access.of(Settings.for_service("registry", {**BROKERS, **environ}))


def test_plain_brokers_are_told_nothing_of_a_user() -> None:
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


def test_the_named_certificates_are_those_that_count(tmp_path: Path) -> None:
    found = Access(servers="kafka-1:9092", security=KafkaSecurity.SSL, cafile=tmp_path / "missing.pem")
    with pytest.raises(FileNotFoundError):
        _ = found.options


def test_settings_without_brokers_are_refused() -> None:
    with pytest.raises(UnusableSettingsError, match="MINGPAI_KAFKA_BOOTSTRAP_SERVERS"):
        Access.of(Settings.for_service("registry", {}))
