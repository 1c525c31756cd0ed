"""A running service's parts: settings, database, bus, clocks, files; and the two ways of working on its database."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from common import failpoints
from common.actor import Actor, Verifier
from common.clock import Clock
from common.correlation import Correlation
from common.errors import MingpaiError
from common.files import FileStore
from common.ids import Ids
from common.messaging.bus import Bus
from common.settings import Settings
from common.storage.engine import Database
from common.storage.records import Records
from common.storage.work import Work
from common.tracing import OFF, Tracing


@dataclass(kw_only=True)
class Runtime:
    """What a service works with while it runs; tests pass fakes of the five ports here and nowhere else."""

    service: str
    settings: Settings
    database: Database
    records: Records
    bus: Bus
    files: FileStore
    verifier: Verifier
    system: Clock
    legal: Clock
    ids: Ids
    tracing: Tracing = OFF
    named_errors: Mapping[str, type[MingpaiError]] = field(default_factory=dict)
    in_flight: set[tuple[str, str]] = field(default_factory=set)
    worker: asyncio.Task[None] | None = None

    @property
    def has_lost_its_worker(self) -> bool:
        """Whether the worker that ran beside it has ended: nothing that it did is done any more."""
        return self.worker is not None and self.worker.done()

    def work(self, connection: AsyncConnection, *, actor: Actor, correlation: Correlation) -> Work:
        """Return a unit of work over a connection that the caller commits."""
        return Work(
            connection=connection,
            records=self.records,
            service=self.service,
            actor=actor,
            correlation=correlation,
            legal=self.legal,
            system=self.system,
            ids=self.ids,
            named_errors=self.named_errors,
        )

    @asynccontextmanager
    async def transaction(self, *, actor: Actor, correlation: Correlation) -> AsyncIterator[Work]:
        """Open a unit of work that is written and committed when the block ends, and undone when it raises.

        Raises Unavailable when the database cannot take it.
        """
        async with self.database.write() as connection:
            work = self.work(connection, actor=actor, correlation=correlation)
            try:
                yield work
                await work.write()
                failpoints.hit(self.service, "before-commit")
                try:
                    await connection.commit()
                except IntegrityError as violation:
                    raise work.named(violation) from violation
                failpoints.hit(self.service, "after-commit")
            finally:
                await work.close()
        if work.told:
            self.database.wake()

    @asynccontextmanager
    async def reading(self, *, actor: Actor, correlation: Correlation) -> AsyncIterator[Work]:
        """Open a unit of work that only asks; nothing is written."""
        async with self.database.read() as connection:
            work = self.work(connection, actor=actor, correlation=correlation)
            try:
                yield work
            finally:
                await work.close()
