"""The whole platform as `make run` assembles it, without a socket but for mail, on each database."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url

from common.settings import Profile
from embedded.demo import load_demo
from embedded.journey import stages
from embedded.journey.player import Player
from embedded.launcher import Start, assembled
from embedded.parts import SERVICES


@pytest.fixture(params=["sqlite", "postgresql"])
async def databases(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of four empty databases, with `{service}` for the service's name."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/{{service}}.db"
        return
    admin_url = request.getfixturevalue("postgres_admin_url")
    prefix = f"journey_{secrets.token_hex(4)}"
    names = [f"{prefix}_{service.name}" for service in SERVICES]
    admin = await asyncpg.connect(admin_url)
    try:
        for name in names:
            await admin.execute(f'CREATE DATABASE "{name}"')
        url = make_url(admin_url).set(database=prefix).render_as_string(hide_password=False)
        yield f"{url}_{{service}}"
        for name in names:
            await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


@pytest.fixture
async def player(databases: str, tmp_path: Path) -> AsyncIterator[Player]:
    """A player on an empty platform whose province has been set up."""
    environ = {"MINGPAI_DATABASE_URL": databases, "MINGPAI_RATE_LIMIT": "1000000/minute"}
    start = Start(port=0, data=tmp_path, profile=Profile.DEMO, environ=environ)
    async with assembled(start) as (assembly, _), assembly.gateway.running():
        transport = httpx.ASGITransport(app=assembly.gateway)
        async with httpx.AsyncClient(transport=transport, base_url=assembly.place.url) as client:
            player = Player(client, load_demo(), story="test", tell=lambda _: None)
            await stages.set_up_province(player)
            yield player
