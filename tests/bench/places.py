"""Where the databases and logs of a run lie: files in one folder, or one PostgreSQL with fsync on and one broker."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from bench.logs import EmbeddedLog, KafkaLog, Log
from stack.servers.postgres import PostgresServer
from support.messaging.kafka import KafkaServer
from support.service.databases import owner_url
from support.service.ending import end_in_order
from support.service.postgres import server_for_tests


@dataclass(frozen=True, slots=True)
class Place:
    """One database and the folder that goes with it."""

    name: str
    url: str
    folder: Path

    @property
    def owner_url(self) -> str:
        """Return the URL for the role that makes the tables: on SQLite there are no roles."""
        return self.url if self.url.startswith("sqlite") else owner_url(self.url)


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers that the distributed shape needs."""

    postgres: PostgresServer
    kafka: KafkaServer


@contextmanager
def servers(shape: str) -> Iterator[Servers | None]:
    """Run the servers of a shape until the block or the run ends: PostgreSQL with fsync on and a broker."""
    end_in_order()
    if shape == "embedded":
        yield None
        return
    with ExitStack() as stack:
        postgres = server_for_tests(durable=True)
        stack.callback(postgres.stop)
        postgres.start()
        kafka = KafkaServer()
        stack.callback(kafka.remove)
        kafka.broker.start()
        yield Servers(postgres, kafka)


class Places:
    """Makes databases, copies of them, and logs; on SQLite and files unless there are servers."""

    def __init__(self, folder: Path, servers: Servers | None) -> None:
        self.folder = folder
        self._admin_url = None if servers is None else servers.postgres.admin_url
        self._kafka = None if servers is None else servers.kafka
        self._mark = secrets.token_hex(4)
        self._role, self._password = f"bench_{self._mark}", secrets.token_hex(16)
        self._has_roles = False

    async def new(self, name: str) -> Place:
        """Make an empty database."""
        folder = self.folder / name
        folder.mkdir()
        if self._admin_url is None:
            return Place(name, f"sqlite:///{folder}/service.db", folder)
        if not self._has_roles:
            for role in (self._role, f"{self._role}_owner"):
                await self._admin(f"CREATE ROLE {role} LOGIN PASSWORD '{self._password}'")
            self._has_roles = True
        await self._admin(f'CREATE DATABASE "{self._called(name)}" OWNER {self._role}_owner')
        return Place(name, self._url(self._admin_url, name), folder)

    def log(self, name: str) -> Log:
        """Make an empty log."""
        if self._kafka is None:
            return EmbeddedLog(self.folder / f"{name}.db")
        return KafkaLog(self._kafka, f"{self._mark}.{name}")

    async def copy(self, source: Place, name: str) -> Place:
        """Make a database with the same content; nobody may have the source open."""
        if self._admin_url is not None:
            made = f'"{self._called(name)}" TEMPLATE "{self._called(source.name)}" OWNER {self._role}_owner'
            await self._admin(f"CREATE DATABASE {made}")
            shutil.copytree(source.folder, self.folder / name)
            return Place(name, self._url(self._admin_url, name), self.folder / name)
        shutil.copytree(source.folder, self.folder / name, ignore=shutil.ignore_patterns("*.lock"))
        return Place(name, f"sqlite:///{self.folder / name}/service.db", self.folder / name)

    async def settle(self, place: Place) -> None:
        """Have PostgreSQL do now what it would else do in the middle of a measurement."""
        if self._admin_url is None:
            return
        superuser = make_url(self._admin_url).set(database=make_url(place.url).database)
        connection = await asyncpg.connect(superuser.render_as_string(hide_password=False))
        try:
            await connection.execute("VACUUM ANALYZE")
            await connection.execute("CHECKPOINT")
        finally:
            await connection.close()

    def _url(self, admin_url: str, name: str) -> str:
        """Return the URL of a database for the role that services run as."""
        url = make_url(admin_url).set(username=self._role, password=self._password, database=self._called(name))
        return url.render_as_string(hide_password=False)

    def _called(self, name: str) -> str:
        return f"bench_{self._mark}_{name.replace('-', '_')}"

    async def _admin(self, statement: str) -> None:
        assert self._admin_url is not None
        connection = await asyncpg.connect(self._admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
