"""Telling a relay that rows wait: an event inside the process, NOTIFY to the others. Never inside a transaction.

A NOTIFY in the request's transaction costs four of ten commits, so it goes out afterwards, one for many. Losing one
is harmless: a relay also looks by itself every second.
"""

import asyncio
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from common.errors import Transient

CHANNEL: Final = "mingpai_outbox"

log = structlog.get_logger(__name__)


class Wakeup:
    """Something to wait for with a limit; setting it while nobody waits makes the next wait return at once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Wake who waits."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Return True when it was set, False when the time is up; either way it is not set afterwards."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Notifier:
    """Sends NOTIFY on a connection of the pool, one for all calls made while the last one was on its way."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._again = False
        self._task: asyncio.Task[None] | None = None

    def send(self) -> None:
        """Have a NOTIFY sent soon; does not wait."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._again:
            self._again = False
            try:
                async with self._engine.connect() as connection:
                    await connection.execute(text(f"NOTIFY {CHANNEL}"))
            except (
                SQLAlchemyError,
                OSError,
                Transient,
            ) as error:  # the relay's own look, once a second, makes up for it
                log.warning("notify-failed", error=type(error).__name__)

    async def close(self) -> None:
        """Stop sending."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
