"""Work that is meant to last until it is cancelled, and that nobody would miss if it ended unseen."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def told_to_end() -> bool:
    """Whether somebody has cancelled the current task: a CancelledError alone does not say so."""
    this = asyncio.current_task()
    return this is not None and this.cancelling() > 0


async def lasting(work: Coroutine[Any, Any, None]) -> None:
    """Do it as a task's whole work; raises what ends it, and RuntimeError when nothing has asked it to end.

    asyncio takes a task out of which CancelledError came for a cancelled one, and a TaskGroup looks away from it. But a
    client library that waits for something it has cancelled itself ends its caller in just this way.
    """
    try:
        await work
    except asyncio.CancelledError as error:
        if told_to_end():
            raise
        raise RuntimeError("was cancelled from within") from error
    raise RuntimeError("came to an end")
