"""A running service: its settings, ports and storage, and the two ways of working on its database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from common.files.store import FileStore
from common.kernel import failpoints
from common.kernel.actor import Actor, Verifier
from common.messaging.bus import Bus
from common.messaging.consumer.runner import Consumer
from common.observability.correlation import Correlation
from common.observability.instruments import Instruments
from common.settings import Settings
from common.storage.service import ServiceStorage
from common.storage.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The parts that differ by shape, or that a test replaces; the launcher of the shape passes them in."""

    bus: Bus
    verifier: Verifier
    files: FileStore
    instruments: Instruments


@dataclass(kw_only=True)
class Runtime:
    """What a service works with while it runs."""

    settings: Settings
    ports: Ports
    storage: ServiceStorage
    in_flight: set[tuple[str, str]] = field(default_factory=set)
    """Idempotency keys of the requests that this process is answering."""
    rests: dict[str, datetime] = field(default_factory=dict)
    """Until when a job leaves an outside system alone that has just refused all its work, by the same names."""
    alarms: dict[str, str] = field(default_factory=dict)
    """What an operator must repair outside this service, by a short name; with one, `/readyz` says "degraded"."""
    worker: asyncio.Task[None] | None = None
    consumers: Sequence[Consumer] = ()
    """The consumers of this process."""

    @property
    def service(self) -> str:
        """The service's name."""
        return self.storage.service

    @property
    def has_lost_its_worker(self) -> bool:
        """Whether the worker of this process has ended, so that its work is no longer done."""
        return self.worker is not None and self.worker.done()

    @property
    def paused(self) -> Sequence[str]:
        """The names of the consumers that have paused because most new events fail."""
        return [consumer.name for consumer in self.consumers if consumer.paused]

    def work(self, connection: AsyncConnection, *, actor: Actor, correlation: Correlation) -> Work:
        """Return a unit of work over a connection that the caller commits."""
        return Work(self.storage, connection, actor=actor, correlation=correlation)

    def own_correlation(self) -> Correlation:
        """Return a fresh correlation for what the service does by itself."""
        return Correlation(id=self.ports.instruments.ids(None))

    @asynccontextmanager
    async def transaction(self, *, actor: Actor, correlation: Correlation) -> AsyncIterator[Work]:
        """Open a unit of work that is written and committed when the block ends, and rolled back when it raises.

        Raises Unavailable when the database cannot be used.
        """
        async with self.storage.database.write() as connection:
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
        if work.published:
            self.storage.database.wake()

    @asynccontextmanager
    async def reading(self, *, actor: Actor, correlation: Correlation) -> AsyncIterator[Work]:
        """Open a unit of work that only reads; nothing is written."""
        async with self.storage.database.read() as connection:
            work = self.work(connection, actor=actor, correlation=correlation)
            try:
                yield work
            finally:
                await work.close()
