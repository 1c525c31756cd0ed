"""Whether a database takes writes: a full disk or another program's lock lets reads pass and refuses every command."""

import asyncio
from typing import Final

from common.storage.database.engine import Database, Unavailable

AGAIN_SECONDS: Final = 2.0
"""How long an answer holds: everybody may ask, and each question writes."""
_WITHIN_SECONDS: Final = 3.0
_SQLITE: Final = "PRAGMA user_version = 0"  # writes a page, also when the value is the same
_POSTGRES: Final = "SELECT current_setting('transaction_read_only'), pg_current_xact_id()::text"  # the commit is logged


class WriteProbe:
    """Tries to commit a write that changes nothing."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._good_until = 0.0
        self._turn = asyncio.Lock()

    async def failure(self, database: Database) -> str | None:
        """Return why nothing can be written, None when it can; asked again after AGAIN_SECONDS."""
        now = asyncio.get_running_loop().time
        async with self._turn:
            if now() >= self._good_until:
                self._reason = await _failure(database)
                self._good_until = now() + AGAIN_SECONDS
            return self._reason


async def _failure(database: Database) -> str | None:
    try:
        async with asyncio.timeout(_WITHIN_SECONDS), database.write(durable=False) as connection:
            if database.dialect == "sqlite":
                await connection.exec_driver_sql(_SQLITE)
            elif (await connection.exec_driver_sql(_POSTGRES)).scalar_one() == "on":
                return "the database is read-only"
            await connection.commit()
    except Unavailable as error:
        return error.reason
    except TimeoutError:
        return f"no answer within {_WITHIN_SECONDS:.0f} s"
    return None
