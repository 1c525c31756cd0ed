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
from stack.postgres import PostgresServer
from support.ending import end_in_order
from support.kafka import KafkaServer
from support.postgres import server_for_tests


@dataclass(frozen=True, slots=True)
class Place:
    """One database and the folder that goes with it."""

    name: str
    url: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Servers:
    """What the distributed shape stands on."""

    postgres: PostgresServer
    kafka: KafkaServer


@contextmanager
def servers(shape: str) -> Iterator[Servers | None]:
    """Run the servers of a shape until the block ends, or the run is told to: PostgreSQL with fsync on and a broker."""
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

    async def new(self, name: str) -> Place:
        """Make an empty database."""
        folder = self.folder / name
        folder.mkdir()
        if self._admin_url is None:
            return Place(name, f"sqlite:///{folder}/service.db", folder)
        await self._admin(f'CREATE DATABASE "{self._called(name)}"')
        url = make_url(self._admin_url).set(database=self._called(name)).render_as_string(hide_password=False)
        return Place(name, url, folder)

    def log(self, name: str) -> Log:
        """Make an empty log."""
        if self._kafka is None:
            return EmbeddedLog(self.folder / f"{name}.db")
        return KafkaLog(self._kafka, f"{self._mark}.{name}")

    async def copy(self, source: Place, name: str) -> Place:
        """Make a database with the same content; nobody may have the source open."""
        if self._admin_url is not None:
            made = self._called(name)
            await self._admin(f'CREATE DATABASE "{made}" TEMPLATE "{self._called(source.name)}"')
            shutil.copytree(source.folder, self.folder / name)
            url = make_url(self._admin_url).set(database=made).render_as_string(hide_password=False)
            return Place(name, url, self.folder / name)
        shutil.copytree(source.folder, self.folder / name, ignore=shutil.ignore_patterns("*.lock"))
        return Place(name, f"sqlite:///{self.folder / name}/service.db", self.folder / name)

    async def settle(self, place: Place) -> None:
        """Have PostgreSQL do now what it would else do in the middle of a measurement."""
        if self._admin_url is None:
            return
        connection = await asyncpg.connect(place.url)
        try:
            await connection.execute("VACUUM ANALYZE")
            await connection.execute("CHECKPOINT")
        finally:
            await connection.close()

    def _called(self, name: str) -> str:
        return f"bench_{self._mark}_{name.replace('-', '_')}"

    async def _admin(self, statement: str) -> None:
        assert self._admin_url is not None
        connection = await asyncpg.connect(self._admin_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
