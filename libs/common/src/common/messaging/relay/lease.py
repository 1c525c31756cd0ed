"""The lease of a service's one active relay: on PostgreSQL a session's advisory lock, on SQLite owning the file.

The holder selects and deletes on the same session that holds the lock, and sends heartbeats on it. When its process
freezes, PostgreSQL ends the idle session and a standby takes over; the old holder's next statement fails.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from common.storage.database.engine import Unavailable
from common.storage.database.wakeups import CHANNEL
from common.storage.service import ServiceStorage

STANDBY_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTiming:
    """How long an idle session keeps the lock on PostgreSQL, in whole seconds, and the sleep between heartbeats.

    A holder sends five heartbeats in that time. Tests pass a `sleep` that never ends or that they end.
    """

    seconds: int = 10
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Session(Protocol):
    """The relay's access to the outbox: a `Database`, or the session that holds the lock."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for queries."""

    def write(self, *, durable: bool = True) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for changes, to be committed; if not `durable`, the commit does not wait for the disk."""


class LockedSession:
    """One PostgreSQL session used by one task at a time, each statement in a transaction of its own.

    Its commits do not wait for the disk: the relay only deletes what the log has acknowledged.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Use the session. Raises Unavailable when the session has ended."""
        async with self._lock:
            if self._connection.invalidated:
                raise Unavailable("the session has ended")
            yield self._connection

    @asynccontextmanager
    async def write(self, *, durable: bool = True) -> AsyncIterator[AsyncConnection]:
        """Use the session; raises ValueError for a change that must be durable."""
        if durable:
            raise ValueError("the relay's session commits without waiting for the disk")
        async with self.read() as connection:
            yield connection

    async def send_heartbeats(self, timing: LeaseTiming) -> None:
        """Keep PostgreSQL from ending the session as idle; returns when the session is lost."""
        with suppress(Unavailable):  # the relay's next statement fails in the same way and reports it
            while True:
                await timing.sleep(timing.seconds / 5)
                async with self.read() as connection:
                    await connection.execute(text("SELECT 1"))


@asynccontextmanager
async def leading(storage: ServiceStorage, timing: LeaseTiming) -> AsyncIterator[Session]:
    """Wait for the lease and hold it while the block runs. Raises Unavailable."""
    if storage.database.dialect == "sqlite":
        yield storage.database
        return
    async with storage.database.direct() as opened:
        connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"SET idle_session_timeout = '{timing.seconds}s'"))
        await connection.execute(text("SET synchronous_commit = off"))
        lock = select(func.pg_try_advisory_lock(func.hashtextextended(f"relay {storage.service}", 0)))
        while not (await connection.execute(lock)).scalar_one():
            await timing.sleep(STANDBY_SECONDS)
        await _wake_on_notify(connection, storage)
        session = LockedSession(connection)
        heartbeats = asyncio.create_task(session.send_heartbeats(timing))
        storage.database.relayed_here = True
        try:
            yield session
        finally:
            storage.database.relayed_here = False
            heartbeats.cancel()
            await asyncio.wait([heartbeats])


async def _wake_on_notify(connection: AsyncConnection, storage: ServiceStorage) -> None:
    def wake(*_: object) -> None:
        storage.database.committed.set()

    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is not None:
        await driver.add_listener(CHANNEL, wake)
