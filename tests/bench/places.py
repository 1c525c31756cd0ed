"""Where the databases of a run lie: SQLite files in one folder, or databases of one PostgreSQL with fsync on."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import make_url


@dataclass(frozen=True, slots=True)
class Place:
    """One database and the folder that goes with it."""

    name: str
    url: str
    folder: Path


class Places:
    """Makes databases and copies of them; `admin_url` is the PostgreSQL to make them on, None for SQLite."""

    def __init__(self, folder: Path, admin_url: str | None) -> None:
        self.folder = folder
        self._admin_url = admin_url
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
