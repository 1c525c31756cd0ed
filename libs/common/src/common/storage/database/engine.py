"""A service's database with one interface: one writer at a time on SQLite, a connection pool on PostgreSQL.

A transaction is rolled back unless `commit()` was awaited on its connection. Only errors that a retry may cure (server
gone, database locked, disk full) are raised as `Unavailable`.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, Literal

import asyncpg
from sqlalchemy import URL, NullPool, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from common.files.private import private_file, private_folder
from common.kernel.errors import Transient
from common.storage.database.constraints import constraint_name, note_constraint
from common.storage.database.sqlite import READER_PRAGMAS, WRITER_PRAGMAS, InlineDialect, Ownership, wait_for_disk
from common.storage.database.wakeups import Notifier, Wakeup

__all__ = ["Database", "Unavailable", "constraint_name", "open_database"]

CONNECT_SECONDS: Final = 5
POOL_SECONDS: Final = 45
"""How long a request waits for a connection: a crowd is served in turn, within the minute that the gateway waits."""

# https://sqlite.org/rescode.html: BUSY, LOCKED, NOMEM, IOERR, FULL, CANTOPEN, PROTOCOL
_SQLITE_UNAVAILABLE: Final = frozenset({5, 6, 7, 10, 13, 14, 15})
# https://www.postgresql.org/docs/15/errcodes-appendix.html: connection, resources, operator intervention (shutdown),
# system error; then serialisation, deadlock and lock not available: a retry may succeed
_POSTGRES_UNAVAILABLE: Final = ("08", "53", "57P", "58", "40001", "40P01", "55P03")


class Unavailable(Transient):
    """The database cannot be used now: gone, locked, out of connections or of disk space. A retry may succeed."""


class Database:
    """One database of one service; made by `open_database`.

    `committed` is set by `wake()` and, on PostgreSQL, in every process whose relay listens. While the service's one
    active relay runs in this process (`relayed_here`), no NOTIFY is sent to the others.
    """

    def __init__(
        self,
        url: URL,
        *,
        engine: AsyncEngine,
        readers: AsyncEngine,
        ownership: Ownership | None,
        commits: ThreadPoolExecutor | None,
    ) -> None:
        self.url = url
        self.engine = engine
        self.dialect: Literal["sqlite", "postgresql"] = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql"
        self.committed = Wakeup()
        self.relayed_here = False
        self._readers = readers
        self._ownership = ownership
        self._commits = commits
        self._turn = asyncio.Lock()
        self._notifier = Notifier(engine) if self.dialect == "postgresql" else None
        self._direct: AsyncEngine | None = None

    @asynccontextmanager
    async def write(self, *, durable: bool = True) -> AsyncIterator[AsyncConnection]:
        """Open a writing transaction; what is not committed when the block ends is rolled back.

        On SQLite only one is open at a time, and the others wait, so a block must not open a second one. With
        `durable=False` a commit on SQLite does not wait for the disk: a power failure may undo it, but no durable
        commit before or after it. Raises Unavailable.
        """
        # the lock is needed although the pool has one connection: the pool's queue times out and, on Python 3.11, can
        # lose the connection when a waiter is cancelled (asyncio.wait_for)
        async with AsyncExitStack() as stack:
            if self.dialect == "sqlite":
                await stack.enter_async_context(self._turn)
            connection = await _connect(self.engine, stack)
            if self.dialect == "sqlite":
                await wait_for_disk(connection, wait=durable)
            await connection.begin()
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a read-only transaction on one snapshot. Raises Unavailable."""
        async with AsyncExitStack() as stack:
            connection = await _connect(self._readers, stack)
            await connection.begin()
            yield connection

    @asynccontextmanager
    async def direct(self) -> AsyncIterator[AsyncConnection]:
        """Open a PostgreSQL session outside the pool, for session locks and LISTEN. Raises Unavailable."""
        if self._direct is None:
            self._direct = _postgres(self.url, poolclass=NullPool)
        async with AsyncExitStack() as stack:
            yield await _connect(self._direct, stack)

    def wake(self) -> None:
        """Wake the service's relay, in whichever process it runs; called after a commit that added outbox rows."""
        self.committed.set()
        if self._notifier is not None and not self.relayed_here:
            self._notifier.send()

    async def close(self) -> None:
        """Close every connection and release the file; the writer last, because it makes the last checkpoint."""
        if self._notifier is not None:
            await self._notifier.close()
        await self._readers.dispose()
        await self.engine.dispose()
        if self._commits is not None:
            self._commits.shutdown()
        if self._ownership is not None:
            self._ownership.release()


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; nothing is connected yet, but a SQLite file is locked from now on.

    Raises DatabaseOwned, NetworkFileSystem, and ValueError for another kind of database or one in memory.
    """
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed, pool_size)
        case "postgresql" | "postgres":
            parsed = parsed.set(drivername="postgresql+asyncpg")
            engine = _postgres(parsed, pool_size=pool_size, max_overflow=0, pool_timeout=POOL_SECONDS)
            readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            return Database(parsed, engine=engine, readers=readers, ownership=None, commits=None)
        case other:
            raise ValueError(f"{other} is not supported: use sqlite:///path or postgresql://…")


def _open_sqlite(url: URL, pool_size: int) -> Database:
    if not url.database or url.database == ":memory:":
        raise ValueError("a SQLite database needs a file: sqlite:///path")
    path = Path(url.database).absolute()
    private_folder(path.parent)
    commits = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"commit-{path.stem}")
    ownership = Ownership(path)
    private_file(path)  # SQLite gives the rights of this file to those that it makes beside it
    inline = URL.create(f"sqlite+{InlineDialect.driver}", database=str(path))
    engine = create_async_engine(
        inline,
        begin="BEGIN IMMEDIATE",
        connect_args={"commits": commits, "pragmas": WRITER_PRAGMAS},
        pool_size=1,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
    )
    readers = create_async_engine(
        inline,
        connect_args={"commits": commits, "pragmas": READER_PRAGMAS},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
    )
    for one in (engine, readers):
        event.listen(one.sync_engine, "handle_error", _translate_sqlite)
    return Database(inline, engine=engine, readers=readers, ownership=ownership, commits=commits)


def _postgres(url: URL, **options: object) -> AsyncEngine:
    engine = create_async_engine(
        url,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "server_settings": {
                "application_name": "mingpai",
                "timezone": "UTC",
                "jit": "off",
                "lock_timeout": "10s",
                "idle_in_transaction_session_timeout": "60s",
            },
        },
        hide_parameters=True,
        **options,
    )
    event.listen(engine.sync_engine, "handle_error", _translate_postgres)
    return engine


async def _connect(engine: AsyncEngine, stack: AsyncExitStack) -> AsyncConnection:
    """Return a connection, released with the stack. Any connection failure is retryable: it raises Unavailable."""
    connection = engine.connect()
    try:
        await connection.start()
    except (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise Unavailable(f"no connection: {type(error).__name__}") from error
    stack.push_async_exit(connection)
    return connection


def _translate_sqlite(context: ExceptionContext) -> None:
    error = context.original_exception
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return
    if code & 0xFF in _SQLITE_UNAVAILABLE:
        raise Unavailable(str(getattr(error, "sqlite_errorname", code)))
    if context.connection is not None:
        note_constraint(error, context.connection.connection.driver_connection)


def _translate_postgres(context: ExceptionContext) -> None:
    error = context.original_exception
    if not isinstance(error, Exception):  # SQLAlchemy reports a cancellation as a disconnect
        return
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith(_POSTGRES_UNAVAILABLE):
        raise Unavailable(f"SQLSTATE {state}")
    if context.is_disconnect or isinstance(error, OSError):
        raise Unavailable(type(error).__name__)
