from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from embedded.demo import load_demo
from embedded.issuer import Issuer, issuer_app
from support.embedded import ISSUER, HandClock, client_of


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def issuer(tmp_path: Path, clock: HandClock) -> Issuer:
    return Issuer.at(ISSUER, demo=load_demo(), key_file=tmp_path / "issuer.json", clock=clock)


@pytest.fixture
async def browser(issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(issuer_app(issuer)) as client:
        yield client
