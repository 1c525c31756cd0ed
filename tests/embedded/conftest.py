from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.process.application import create_app
from common.settings import Settings
from common.wire import WireSettings
from embedded.demo.people import load_demo
from embedded.issuer import Issuer, issuer_app
from embedded.origin.parts import SERVICES
from support.service.launcher import ISSUER, HandClock, client_of


@pytest.fixture(scope="session")
def documents() -> dict[str, dict[str, Any]]:
    """The OpenAPI document of each service, by its name."""

    def never() -> Any:  # noqa: ANN401 -- the document needs no running service
        raise AssertionError

    return {
        service.name: create_app(service, Settings.for_service(service.name, {}), never).openapi()
        for service in SERVICES
    }


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def issuer(tmp_path: Path, clock: HandClock) -> Issuer:
    return Issuer.at(ISSUER, demo=load_demo(), key_file=tmp_path / "issuer.json", clock=clock)


@pytest.fixture
async def browser(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(issuer_app(issuer, WireSettings())) as client:
        yield client
