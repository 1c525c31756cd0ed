"""Waiting for a condition that sends no event: it is polled, under a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

DEADLINE_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 0.01


async def eventually(holds: Callable[[], Awaitable[object]], *, deadline: float = DEADLINE_SECONDS) -> None:
    """Return once it holds. Raises TimeoutError."""
    async with asyncio.timeout(deadline):
        while not await holds():  # noqa: ASYNC110 -- the condition is in another process or a database
            await asyncio.sleep(LOOK_SECONDS)


async def let_pass(seconds: float) -> None:
    """Let time pass where the test needs the pause itself."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
