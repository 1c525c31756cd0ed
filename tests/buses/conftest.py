"""Every adapter goes through the same suite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.messaging.bus import Bus
from support.buses import Adapter, EmbeddedAdapter


@pytest.fixture(params=["embedded"])
def adapter(request: pytest.FixtureRequest, tmp_path: Path) -> Adapter:
    assert request.param == "embedded"
    return EmbeddedAdapter(tmp_path)


@pytest.fixture
async def bus(adapter: Adapter) -> AsyncIterator[Bus]:
    opened = await adapter.open()
    yield opened
    await opened.close()
