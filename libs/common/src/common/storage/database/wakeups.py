"""Waking the relay when the outbox has rows: an event within the process, NOTIFY for other processes.

A NOTIFY in the request's transaction would cost 40 % of the commits, so it is sent after the commit, one for several
commits. A lost NOTIFY does no harm, because the relay polls once a second.
"""

import asyncio
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from common.kernel.errors import Transient

CHANNEL: Final = "mingpai_outbox"

log = structlog.get_logger(__name__)


class Wakeup:
    """An event with a time-out; after a `set` while no task waits, the next wait returns at once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Wake the waiting task."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Return True when it was set, False after the time-out; in both cases it is cleared."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Notifier:
    """Sends NOTIFY on a connection of the pool, one for all calls made while the last one was being sent."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._again = False
        self._task: asyncio.Task[None] | None = None

    def send(self) -> None:
        """Schedule a NOTIFY and return at once."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._again:
            self._again = False
            try:
                async with self._engine.connect() as connection:
                    await connection.execute(text(f"NOTIFY {CHANNEL}"))
            except (SQLAlchemyError, OSError, Transient) as error:
                # no retry: the relay polls once a second
                log.warning("notify-failed", error=type(error).__name__)

    async def close(self) -> None:
        """Stop sending."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
