"""SQLite without a thread per connection: statements run inline, only a commit leaves the loop, for the disk waits.

One process owns a file and one SQLite library opens it: two libraries in one process drop each other's locks.
Releases 3.7.0 to 3.51.2 can corrupt a WAL when two connections checkpoint at once (https://sqlite.org/wal.html), so
only the one writing connection of a database ever checkpoints.
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

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    try:
        from pysqlite3 import dbapi2 as sqlite
    except ImportError:  # no wheel for this platform
        import sqlite3 as sqlite

BUSY_SECONDS: Final = 1.0
NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.gcsfuse",
    }
)
_WAITS: Final = "waits for the disk"
_COMMON_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA trusted_schema = OFF",
)


class DatabaseOwned(Exception):  # noqa: N818 -- says what is wrong
    """Another process has the file open; `pid` is its process id, None when it left no trace."""

    def __init__(self, path: Path, pid: int | None) -> None:
        self.path, self.pid = path, pid
        super().__init__(
            f"{path} is in use by process {pid or 'unknown'}: one process owns a SQLite file; stop it first"
        )


class NetworkFileSystem(Exception):  # noqa: N818 -- says what is wrong
    """The file lies where SQLite's locks do not hold."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(f"{path} lies on a network file system ({kind}); SQLite needs a local disk, or use PostgreSQL")


class Ownership:
    """An exclusive lock beside the file, held while the database is open; the kernel lets go of it when we die."""

    def __init__(self, path: Path) -> None:
        kind = file_system_of(path)
        if kind in NETWORK_FILE_SYSTEMS:
            raise NetworkFileSystem(path, kind)
        self._file: IO[str] = path.with_name(path.name + ".lock").open("a+", encoding="ascii")
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
        """Let another process have the file."""
        self._file.close()


def file_system_of(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Return the type of the file system that holds the path ("ext4", "nfs4"), empty where the system does not tell."""
    if not mounts.exists():
        return ""
    real, best, kind = path.resolve(), -1, ""
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        fields = line.split(" ")
        point = Path(fields[4].encode("latin-1", "surrogateescape").decode("unicode_escape"))
        if real.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[fields.index("-") + 1]
    return kind


async def _nothing() -> None:
    """Return at once: SQLAlchemy refuses an async statement that awaited nothing, so each of ours awaits this."""


class BufferedCursor(sqlite.Cursor):
    """A cursor that fetches all rows at once, so that no statement is left open across an await or a commit."""

    _rows: deque[Any]

    def execute(self, sql: str, parameters: Any = (), /) -> "BufferedCursor":  # noqa: ANN401 -- the driver's own type
        """Run one statement and take its rows."""
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
        """Do nothing: SQLAlchemy asks for it after each statement; the rows are in memory already."""


class InlineConnection(AdaptedConnection):
    """A driver connection used on the loop's own thread, but for its commit."""

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
        """Commit in the database's own thread; returns when the disk has it."""
        if self._connection.in_transaction:
            await_(self._commit())

    async def _commit(self) -> None:
        commit = asyncio.get_running_loop().run_in_executor(self._commits, self._connection.commit)
        cancelled = None
        while not commit.done():
            try:
                await asyncio.shield(commit)
            except (
                asyncio.CancelledError
            ) as error:  # the thread commits all the same; nobody may use the connection yet
                cancelled = error
        if cancelled is not None:
            raise cancelled
        commit.result()

    def rollback(self) -> None:
        """Undo what is not committed."""
        self._connection.rollback()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def create_function(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- passes on what the dialect gives
        """Offer a Python function to SQL."""
        self._connection.create_function(*args, **kwargs)


class Inline(AsyncAdapt_dbapi_module):
    """The driver module as SQLAlchemy wants to see it."""

    paramstyle = "qmark"
    Binary = bytearray
    """What bytes are handed over as: for `bytes` the driver looks for an adapter each time, in vain and at the price of
    binding twenty texts; a `bytearray` it takes as it is."""

    def __init__(self) -> None:
        super().__init__(sqlite, dbapi_module=sqlite)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the driver has under this name
        return getattr(sqlite, name)

    def connect(
        self,
        path: str,
        *,
        commits: ThreadPoolExecutor,
        pragmas: Sequence[str],
        **kwargs: Any,  # noqa: ANN401 -- the driver's
    ) -> InlineConnection:
        """Open the file with our pragmas set."""
        kwargs |= {"check_same_thread": False, "isolation_level": None, "timeout": BUSY_SECONDS}
        connection = sqlite.connect(path, **kwargs)
        for pragma in pragmas:
            connection.execute(pragma)
        return InlineConnection(connection, commits)


class InlineDialect(SQLiteDialect_pysqlite):
    """SQLite by inline connections; `begin` is the statement that starts every transaction of the engine."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True
    has_terminate = False

    def __init__(self, begin: str = "BEGIN", **kwargs: Any) -> None:  # noqa: ANN401 -- the dialect's own keywords
        super().__init__(**kwargs)
        self._begin = begin

    @classmethod
    def import_dbapi(cls) -> Any:  # noqa: ANN401 -- a module by its look
        """Return the wrapped driver."""
        return Inline()

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003 -- one pool for every file
        """Return the pool for use on a loop."""
        return AsyncAdaptedQueuePool

    def get_driver_connection(self, connection: Any) -> Any:  # noqa: ANN401 -- SQLAlchemy's own signature
        """Return the driver's connection."""
        return connection.driver_connection

    def do_begin(self, dbapi_connection: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own signature
        """Start the transaction in so many words: a deferred one that upgrades would fail at once."""
        dbapi_connection.dbapi_connection.execute(self._begin)


async def wait_for_disk(connection: AsyncConnection, *, wait: bool) -> None:
    """Have the commits of a connection wait for the disk or not; between transactions only.

    Without waiting the log of a WAL database is written all the same, and synced by the next commit that does wait.
    """
    opened = await connection.get_raw_connection()
    if opened.info.get(_WAITS, True) is not wait:
        driver: Any = opened.dbapi_connection
        driver.execute(f"PRAGMA synchronous = {'FULL' if wait else 'NORMAL'}")
        opened.info[_WAITS] = wait


registry.register("sqlite.inline", __name__, "InlineDialect")

WRITER_PRAGMAS: Final = ("PRAGMA journal_mode = WAL", *_COMMON_PRAGMAS)
READER_PRAGMAS: Final = (*_COMMON_PRAGMAS, "PRAGMA wal_autocheckpoint = 0", "PRAGMA query_only = ON")
