"""The real Kafka broker that all layers of a test process share: started when first asked for, removed at its end."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.messaging.kafka import KafkaServer


@pytest.fixture(scope="session")
def kafka() -> Iterator["KafkaServer"]:
    """Give the process's one broker."""
    # inside the fence of one service there is no stack, and no test needs a broker
    from support.messaging.kafka import KafkaServer, running  # noqa: PLC0415 -- as the line above says

    yield from running(KafkaServer)
