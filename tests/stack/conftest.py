"""The administration of a real broker."""

import pytest

from support.casts.administration import Administrator
from support.messaging.kafka import KafkaServer


@pytest.fixture
def administrator(kafka: KafkaServer) -> Administrator:
    """Return an administrator whose topics are settled."""
    found = Administrator(kafka)
    settled = found.run("topics")
    assert settled.exit_code == 0, settled.output
    return found
