"""A real Kafka broker for the tests, in a temporary folder, removed when it is done with.

With `CI=true` missing Java and Maven are installed; otherwise the tests that need them are skipped, saying so.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from common.messaging.kafka.client import KafkaBus
from common.messaging.kafka.subscription import KafkaTimeouts
from common.messaging.kafka.wire import KafkaAccess
from common.settings import KafkaSecurity
from stack.servers.kafka.broker import Broker
from stack.servers.kafka.jars import KafkaMissing, jars
from support.messaging.buses import TOPICS, Adapter
from support.service.processes import free_port

CACHE = Path(__file__).parents[3] / "var" / "cache"
INSTALL_SECONDS = 600
SERVICES = ("applications", "review", "registry", "notifications")
TIMEOUTS = KafkaTimeouts(answer=5, publish=10, stalled=3, check=0.2, session=3)
"""Short, since tests wait for outages."""


class KafkaServer:
    """A broker in a folder of its own, with a user per service and their passwords."""

    def __init__(self) -> None:
        self.jars = _jars()
        self.folder = Path(tempfile.mkdtemp(prefix="mingpai-test-kafka-"))
        self.secrets = {name: secrets.token_urlsafe(16) for name in ("admin", *SERVICES)}
        self.port, self.controller_port = free_port(), free_port()
        self.broker = Broker(
            self.folder / "data",
            jars=self.jars,
            port=self.port,
            controller_port=self.controller_port,
            secrets=self.secrets,
            settings=self.settings(),
        )

    def settings(self) -> dict[str, str]:
        """Return what it is set to beside deploy/kafka/server.properties."""
        return {}

    def access(self, user: str = "admin", password: str | None = None) -> KafkaAccess:
        """Return how a user reaches it; with another password if one is given."""
        return KafkaAccess(
            servers=self.broker.bootstrap,
            security=KafkaSecurity.SASL_PLAINTEXT,
            username=user,
            password=password or self.secrets[user],
        )

    @cached_property
    def admin(self) -> AdminClient:
        """Return a client that may do everything."""
        return AdminClient(self.broker.as_user())

    def remove(self) -> None:
        """Stop it and remove everything it left."""
        self.broker.kill()
        shutil.rmtree(self.folder)


class KafkaAdapter(Adapter):
    """A real broker, with topics of one test's own."""

    absorbs = False

    def __init__(self, server: KafkaServer) -> None:
        self.server = server
        self._prefix = secrets.token_hex(4)
        self.topics = {self.topic(name): count for name, count in TOPICS.items()}
        new = [NewTopic(name, count, 1) for name, count in self.topics.items()]
        for made in server.admin.create_topics(new, request_timeout=20).values():
            made.result(20)

    async def open(self, user: str = "admin") -> KafkaBus:
        """Connect as a user."""
        return KafkaBus(self.server.access(user), self.topics, timeouts=TIMEOUTS)

    def topic(self, name: str) -> str:
        """Return the name with this test's prefix."""
        return f"{self._prefix}.{name}"


def running(make: Callable[[], KafkaServer]) -> Iterator[KafkaServer]:
    """Give a broker that runs until the fixture ends; skips where it cannot."""
    try:
        server = make()
    except KafkaMissing as missing:
        pytest.skip(str(missing))
    try:
        server.broker.start()
        yield server
    finally:
        server.remove()


def _jars() -> Path:
    try:
        return jars(CACHE)
    except KafkaMissing:
        if os.environ.get("CI") != "true":
            raise
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "default-jre-headless", "maven"]):
        subprocess.run(["apt-get", *arguments], check=True, timeout=INSTALL_SECONDS, stdout=subprocess.DEVNULL)  # noqa: S603, S607 -- Debian's own
    return jars(CACHE)
