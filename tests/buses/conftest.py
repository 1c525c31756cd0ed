"""Every adapter goes through the same suite."""

import gc
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.messaging.bus import Bus
from support.messaging.buses import Adapter, EmbeddedAdapter
from support.messaging.kafka import KafkaAdapter, KafkaServer


@pytest.fixture(params=["embedded", "kafka"])
def adapter(request: pytest.FixtureRequest, tmp_path: Path) -> Adapter:
    if request.param == "embedded":
        return EmbeddedAdapter(tmp_path)
    server: KafkaServer = request.getfixturevalue("kafka")
    return KafkaAdapter(server)


@pytest.fixture
async def bus(adapter: Adapter) -> AsyncIterator[Bus]:
    opened = await adapter.open()
    yield opened
    await opened.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()  # connections that aiokafka forgot are closed while its loop still runs
