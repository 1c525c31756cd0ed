"""The right to be a service's one active relay: on PostgreSQL a session's advisory lock, on SQLite the file's owner.

The holder selects and deletes on the very session that holds the lock and beats on it: a frozen process falls silent,
PostgreSQL ends its idle session, a standby takes over, and what the woken one still does on its session fails.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final, Protocol

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from common.messaging.home import Home
from common.messaging.pace import Pace
from common.storage.engine import Unavailable
from common.storage.wakeups import CHANNEL

STANDBY_SECONDS: Final = 1.0


class Session(Protocol):
    """Where the relay works on the outbox: a `Database`, or the session that holds the lock."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for asking."""

    def write(self, *, durable: bool = True) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection for changing; needs a commit, which need not be `durable` before it returns."""


class LockedSession:
    """One PostgreSQL session used by one task at a time, each statement in a transaction of its own.

    Its commits do not wait for the disk: it only deletes what the log has acknowledged.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Use the session. Raises Unavailable once it has ended, whichever statement met that first."""
        async with self._turn:
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

    async def beat(self, pace: Pace) -> None:
        """Keep the session from being ended as idle while the process lives; ends when the session is lost."""
        with suppress(Unavailable):  # the relay's next statement meets the same and says so
            while True:
                await pace.beat(pace.lease / 5)
                async with self.read() as connection:
                    await connection.execute(text("SELECT 1"))


@asynccontextmanager
async def leading(home: Home, pace: Pace) -> AsyncIterator[Session]:
    """Wait to be the service's one relay and be it while the block runs. Raises Unavailable."""
    if home.database.dialect == "sqlite":
        yield home.database
        return
    async with home.database.direct() as opened:
        connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"SET idle_session_timeout = '{pace.lease}s'"))
        await connection.execute(text("SET synchronous_commit = off"))
        lock = select(func.pg_try_advisory_lock(func.hashtextextended(f"relay {home.service}", 0)))
        while not (await connection.execute(lock)).scalar_one():
            await pace.beat(STANDBY_SECONDS)
        await _listen(connection, home)
        session = LockedSession(connection)
        beats = asyncio.create_task(session.beat(pace))
        home.database.relayed_here = True
        try:
            yield session
        finally:
            home.database.relayed_here = False
            beats.cancel()
            await asyncio.wait([beats])


async def _listen(connection: AsyncConnection, home: Home) -> None:
    def woken(*_: object) -> None:
        home.database.committed.set()

    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if driver is not None:
        await driver.add_listener(CHANNEL, woken)
