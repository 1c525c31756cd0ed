"""Brokers over TLS: a connection needs a certificate that the named authority signed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka.admin import NewTopic

from common.kernel.errors import Transient
from common.messaging.kafka.client import KafkaBus
from common.messaging.kafka.wire import KafkaAccess
from common.settings import KafkaSecurity
from stack.servers.kafka.admin import AdministrationError, connected, users
from support.messaging.buses import Reader, ids, row
from support.messaging.kafka import SERVICES, TIMEOUTS, KafkaServer, running
from support.service.certificates import Authority
from support.service.processes import free_port

TOPIC = "orders"


class TlsServer(KafkaServer):
    """A broker that also listens over TLS."""

    def __init__(self, folder: Path) -> None:
        authority = Authority("the tests' own")
        self._tls_port = free_port()
        self._server = authority.write_server(folder / "server.pem")
        self._cafile = authority.write(folder / "authority.pem")
        super().__init__()

    def settings(self) -> dict[str, str]:
        """Return a listener more."""
        listeners = f"CLIENTS://127.0.0.1:{self.port},TLS://127.0.0.1:{self._tls_port}"
        return {
            "listeners": f"{listeners},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": listeners,
            "listener.security.protocol.map": "CLIENTS:SASL_PLAINTEXT,TLS:SASL_SSL,CONTROLLER:SASL_PLAINTEXT",
            "listener.name.tls.ssl.keystore.type": "PEM",
            "listener.name.tls.ssl.keystore.location": str(self._server),
            "listener.name.tls.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
        }

    @property
    def encrypted(self) -> KafkaAccess:
        """Return how the administrator reaches it over TLS."""
        return replace(
            self.access(),
            servers=f"127.0.0.1:{self._tls_port}",
            security=KafkaSecurity.SASL_SSL,
            cafile=self._cafile,
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    yield from running(lambda: TlsServer(tmp_path_factory.mktemp("tls")))


@pytest.fixture(scope="module")
def encrypted(server: TlsServer) -> KafkaAccess:
    server.admin.create_topics([NewTopic(TOPIC, 1, 1)])[TOPIC].result(20)
    return server.encrypted


async def test_what_is_published_over_tls_is_read_over_tls(encrypted: KafkaAccess) -> None:
    bus = KafkaBus(encrypted, {TOPIC: 1}, timeouts=TIMEOUTS)
    try:
        assert await bus.publish([row(TOPIC, "k", 1), row(TOPIC, "k", 2)]) == [None, None]
        reader = await Reader(bus, "tls", [TOPIC]).join()
        assert ids(await reader.read(2)) == ["k-1", "k-2"]
        await reader.leave()
    finally:
        await bus.close()


async def test_a_broker_whose_certificate_another_authority_signed_is_refused(
    encrypted: KafkaAccess, tmp_path: Path
) -> None:
    stranger = replace(encrypted, cafile=Authority("a stranger").write(tmp_path / "stranger.pem"))
    for access in (stranger, replace(encrypted, cafile=None)):
        bus = KafkaBus(access, {TOPIC: 1}, timeouts=TIMEOUTS)
        try:
            with pytest.raises(Transient):
                await bus.publish([row(TOPIC, "k", 3)])
        finally:
            await bus.close()


async def test_a_wrong_password_is_refused_over_tls_too(encrypted: KafkaAccess) -> None:
    bus = KafkaBus(replace(encrypted, password="wrong"), {TOPIC: 1}, timeouts=TIMEOUTS)
    try:
        with pytest.raises(Transient):
            await bus.publish([row(TOPIC, "k", 4)])
    finally:
        await bus.close()


def test_the_administrator_checks_the_certificate_too(encrypted: KafkaAccess, tmp_path: Path) -> None:
    assert users(connected(encrypted)) == {"admin", *SERVICES}
    stranger = replace(encrypted, cafile=Authority("a stranger").write(tmp_path / "stranger.pem"))

    with pytest.raises(AdministrationError, match="certificate"):
        connected(stranger)
