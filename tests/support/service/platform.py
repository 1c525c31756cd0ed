"""The whole platform as `make run` assembles it, in this process, without a socket but for mail, on each database."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from common.kernel.ids import new_id
from common.observability.tracing import Exporter
from common.settings import Profile
from embedded.demo.people import load_demo
from embedded.journey import stages
from embedded.journey.player import Player
from embedded.launcher import Start, assembled
from embedded.origin.parts import SERVICES
from support.service.databases import owner_url
from support.service.library import sqlite

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass
class Platform:
    """Four services behind the gateway with a client of them all."""

    client: httpx.AsyncClient
    url: str
    data: Path
    databases: str
    _tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, role: str) -> str:
        """Return an access token of a demo client, by its id, or of the first one in this role."""
        if role not in self._tokens:
            person = next(client for client in load_demo().clients if role in {client.id, *client.roles})
            answer = await self.client.post(
                "/oauth/token",
                data={"grant_type": "client_credentials"},
                auth=(person.id, person.secret.get_secret_value()),
            )
            self._tokens[role] = answer.raise_for_status().json()["access_token"]
        return self._tokens[role]

    async def headers(self, role: str | None, method: str = "GET") -> dict[str, str]:
        """Return what a request in this role carries, None for anybody; a command gets a fresh key or a version."""
        headers = {} if role is None else {"Authorization": f"Bearer {await self.token(role)}"}
        if method == "GET":
            return headers
        return headers | ({"Idempotency-Key": new_id("key")} if method == "POST" else {"If-Match": '"1"'})

    async def operations(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the operations of the combined OpenAPI document by method and path, parameters as objects."""
        document = (await self.client.get("/openapi.json")).raise_for_status().json()
        shared = document["components"]["parameters"]
        found = {}
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    given = item[method].get("parameters", [])
                    parameters = [shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in given]
                    found[method.upper(), path] = {**item[method], "parameters": parameters}
        return found

    async def row_counts(self) -> dict[str, int]:
        """Return how many rows each table of the four databases has, by `service.table`."""
        counts: dict[str, int] = {}
        for service in SERVICES:
            url = make_url(self.databases.format(service=service.name))
            if url.get_backend_name() == "sqlite":
                found = _sqlite_counts(url.database or "")
            else:
                found = await _postgres_counts(url.render_as_string(hide_password=False))
            counts |= {f"{service.name}.{table}": rows for table, rows in found.items()}
        return counts


def is_key(schema: dict[str, Any]) -> bool:
    """Return whether a parameter is a key or a search, compared folded."""
    return any(one.get("x-compared") == "folded" for one in (schema, *schema.get("anyOf", [])))


def _sqlite_counts(file: str) -> dict[str, int]:
    with closing(sqlite.connect(f"file:{file}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608 -- its own tables


async def _postgres_counts(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for (name,) in tables}  # noqa: S608 -- its own tables
    finally:
        await connection.close()


@asynccontextmanager
async def platform_on(
    databases: str,
    data: Path,
    *,
    raising: bool,
    spans: Exporter | None = None,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Platform]:
    """Run the platform; with `raising` an error in it ends the test where it happens, else it is the answer 500."""
    environ = {"MINGPAI_DATABASE_URL": databases, "MINGPAI_RATE_LIMIT": "1000000/minute", **(settings or {})}
    if not databases.startswith("sqlite"):
        environ = {"MINGPAI_MIGRATION_URL": owner_url(databases), **environ}
    start = Start(port=0, data=data, profile=Profile.DEMO, environ=environ, spans=spans)
    async with assembled(start) as (assembly, _), assembly.gateway.running():
        transport = httpx.ASGITransport(app=assembly.gateway, raise_app_exceptions=raising)
        url = assembly.place.url
        async with httpx.AsyncClient(transport=transport, base_url=url) as client:
            yield Platform(client, url, data, databases)


@asynccontextmanager
async def postgres_databases(admin_url: str) -> AsyncIterator[str]:
    """Make four empty databases for as long as the block runs; yields their URL, `{service}` for the service's name.

    The URL is that of a running role; the databases belong to another one (`owner_url`).
    """
    prefix, password = f"platform_{secrets.token_hex(4)}", secrets.token_hex(16)
    names = [f"{prefix}_{service.name}" for service in SERVICES]
    admin = await asyncpg.connect(admin_url)
    try:
        for role in (prefix, f"{prefix}_owner"):
            await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
        for name in names:
            await admin.execute(f'CREATE DATABASE "{name}" OWNER {prefix}_owner')
        url = make_url(admin_url).set(username=prefix, password=password, database=prefix)
        yield f"{url.render_as_string(hide_password=False)}_{{service}}"
        for name in names:
            await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.execute(f"DROP ROLE {prefix}, {prefix}_owner")
    finally:
        await admin.close()


def sqlite_databases(folder: Path) -> str:
    """Return the URL of four SQLite databases in a folder, with `{service}` for the service's name."""
    return f"sqlite:///{folder}/{{service}}.db"


@asynccontextmanager
async def _requested(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield sqlite_databases(folder)
        return
    async with postgres_databases(request.getfixturevalue("postgres_admin_url")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def databases(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Provide the URL of four empty databases, with `{service}` for the service's name."""
    async with _requested(request, tmp_path) as url:
        yield url


@pytest.fixture
async def platform(databases: str, tmp_path: Path) -> AsyncIterator[Platform]:
    """Provide an empty platform whose errors are answers."""
    async with platform_on(databases, tmp_path, raising=False) as platform:
        yield platform


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def shared_platform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Platform]:
    """Provide one platform for the tests of a module that leave nothing which another would notice.

    They run on the module's loop: `@pytest.mark.asyncio(loop_scope="module")`.
    """
    folder = tmp_path_factory.mktemp("shared")
    async with _requested(request, folder) as databases, platform_on(databases, folder, raising=False) as platform:
        yield platform


@pytest.fixture
async def player(databases: str, tmp_path: Path) -> AsyncIterator[Player]:
    """Provide a player on an empty platform whose province has been set up."""
    async with platform_on(databases, tmp_path, raising=True) as platform:
        player = Player(platform.client, load_demo(), story="test", report=lambda _: None)
        await stages.set_up_province(player)
        yield player
