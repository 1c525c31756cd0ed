"""SQLite without a thread per connection: statements run on the event loop, commits in a thread.

One process owns a file and loads one copy of the SQLite library: two copies would release each other's locks.
Releases 3.7.0 to 3.51.2 can corrupt a WAL when two connections checkpoint at once (https://sqlite.org/wal.html), so
only the one writing connection of a database makes checkpoints.
"""

import asyncio
import fcntl
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Pool
from sqlalchemy.connectors.asyncio import AsyncAdapt_dbapi_module
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util.concurrency import await_

from common.files.private import open_private
from common.storage.database.mounts import MOUNTS, NETWORK_FILE_SYSTEMS, file_system_of

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    try:
        from pysqlite3 import dbapi2 as sqlite
    except ImportError:  # no wheel for this platform
        import sqlite3 as sqlite

BUSY_SECONDS: Final = 1.0
_WAITS: Final = "waits for the disk"
_COMMON_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA recursive_triggers = ON",  # so that a row replaced by INSERT OR REPLACE fires the triggers of a deletion
)


class DatabaseOwned(Exception):  # noqa: N818 -- says what is wrong
    """Another process has the file open; `pid` is its process id, None when it is unknown."""

    def __init__(self, path: Path, pid: int | None) -> None:
        self.path, self.pid = path, pid
        super().__init__(
            f"{path} is in use by process {pid or 'unknown'}: one process owns a SQLite file; stop it first"
        )


class NetworkFileSystem(Exception):  # noqa: N818 -- says what is wrong
    """The file is on a network file system, where SQLite's locks do not work."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(f"{path} is on a network file system ({kind}); SQLite needs a local disk, or use PostgreSQL")


class Ownership:
    """An exclusive lock on a separate file while the database is open; the kernel releases it when the process ends."""

    def __init__(self, path: Path, *, mounts: Path = MOUNTS) -> None:
        kind = file_system_of(path, mounts)
        if kind in NETWORK_FILE_SYSTEMS:
            raise NetworkFileSystem(path, kind)
        self._file: IO[str] = open_private(path.with_name(path.name + ".lock"), "a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            raise DatabaseOwned(path, int(holder) if holder.isdecimal() else None) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Release the lock."""
        self._file.close()


async def _nothing() -> None:
    """Return at once: SQLAlchemy refuses an async statement that awaits nothing, so each statement awaits this."""


class BufferedCursor(sqlite.Cursor):
    """A cursor that fetches all rows at once, so that no statement stays open across an await or a commit."""

    _rows: deque[Any]

    def execute(self, sql: str, parameters: Any = (), /) -> "BufferedCursor":  # noqa: ANN401 -- the driver's own type
        """Run one statement and fetch its rows."""
        await_(_nothing())
        self._rows = deque()
        super().execute(sql, parameters)
        if self.description:
            self._rows = deque(super().fetchall())
        return self

    def executemany(self, sql: str, parameters: Any, /) -> "BufferedCursor":  # noqa: ANN401 -- the driver's own type
        """Run one statement for each set of parameters."""
        await_(_nothing())
        self._rows = deque()
        super().executemany(sql, parameters)
        return self

    def fetchone(self) -> Any:  # noqa: ANN401 -- the driver's own type
        """Return the next row, None after the last."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return up to `size` rows."""
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """Return the rows not fetched yet."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    async def _async_soft_close(self) -> None:
        """Do nothing: SQLAlchemy calls it after each statement, and the rows are in memory already."""


class InlineConnection(AdaptedConnection):
    """A driver connection that is used on the event loop's thread, except for commits."""

    __slots__ = ("_commits",)

    def __init__(self, connection: sqlite.Connection, commits: ThreadPoolExecutor) -> None:
        self._connection: Any = connection
        self._commits = commits

    def cursor(self) -> BufferedCursor:
        """Return a cursor whose rows are in memory."""
        cursor: BufferedCursor = self._connection.cursor(BufferedCursor)
        return cursor

    def execute(self, statement: str) -> None:
        """Run a statement without parameters or rows."""
        self._connection.execute(statement)

    def commit(self) -> None:
        """Commit in the database's thread; returns when the data is on disk."""
        if self._connection.in_transaction:
            await_(self._commit())

    async def _commit(self) -> None:
        commit = asyncio.get_running_loop().run_in_executor(self._commits, self._connection.commit)
        cancelled = None
        while not commit.done():
            try:
                await asyncio.shield(commit)
            except asyncio.CancelledError as error:
                cancelled = error  # the thread is still committing: the connection must not be used before it ends
        if cancelled is not None:
            raise cancelled
        commit.result()

    def rollback(self) -> None:
        """Roll the transaction back."""
        self._connection.rollback()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def create_function(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- the dialect's arguments, forwarded
        """Register a Python function for use in SQL."""
        self._connection.create_function(*args, **kwargs)


class Inline(AsyncAdapt_dbapi_module):
    """The driver module with the interface that SQLAlchemy expects."""

    paramstyle = "qmark"
    Binary = bytearray
    """The type in which bytes are bound: for `bytes` the driver searches for an adapter each time, as slow as
    binding twenty texts; a `bytearray` is bound directly."""

    def __init__(self) -> None:
        super().__init__(sqlite, dbapi_module=sqlite)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- any attribute of the driver
        return getattr(sqlite, name)

    def connect(
        self,
        path: str,
        *,
        commits: ThreadPoolExecutor,
        pragmas: Sequence[str],
        **kwargs: Any,  # noqa: ANN401 -- the driver's
    ) -> InlineConnection:
        """Open the file and set our pragmas."""
        kwargs |= {"check_same_thread": False, "isolation_level": None, "timeout": BUSY_SECONDS}
        connection = sqlite.connect(path, **kwargs)
        for pragma in pragmas:
            connection.execute(pragma)
        return InlineConnection(connection, commits)


class InlineDialect(SQLiteDialect_pysqlite):
    """SQLite with inline connections; `begin` is the statement that starts every transaction of the engine."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True
    has_terminate = False

    def __init__(self, begin: str = "BEGIN", **kwargs: Any) -> None:  # noqa: ANN401 -- the dialect's own keywords
        super().__init__(**kwargs)
        self._begin = begin

    @classmethod
    def import_dbapi(cls) -> Any:  # noqa: ANN401 -- a module by its interface
        """Return the wrapped driver."""
        return Inline()

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003 -- the same pool for every file
        """Return the pool class for use with an event loop."""
        return AsyncAdaptedQueuePool

    def get_driver_connection(self, connection: Any) -> Any:  # noqa: ANN401 -- SQLAlchemy's own signature
        """Return the driver's connection."""
        return connection.driver_connection

    def do_begin(self, dbapi_connection: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own signature
        """Run our own BEGIN: a deferred transaction may fail at its first write, without waiting for the lock."""
        dbapi_connection.dbapi_connection.execute(self._begin)


async def wait_for_disk(connection: AsyncConnection, *, wait: bool) -> None:
    """Set whether the commits of a connection wait for the disk; between transactions only.

    A commit that does not wait is written to the write-ahead log too; the next commit that waits syncs it to the disk.
    """
    opened = await connection.get_raw_connection()
    if opened.info.get(_WAITS, True) is not wait:
        driver: Any = opened.dbapi_connection
        driver.execute(f"PRAGMA synchronous = {'FULL' if wait else 'NORMAL'}")
        opened.info[_WAITS] = wait


registry.register("sqlite.inline", __name__, "InlineDialect")

WRITER_PRAGMAS: Final = ("PRAGMA journal_mode = WAL", *_COMMON_PRAGMAS)
READER_PRAGMAS: Final = (*_COMMON_PRAGMAS, "PRAGMA wal_autocheckpoint = 0", "PRAGMA query_only = ON")
