"""Background tasks that must not end silently: they run until they are cancelled, and any other end is an error."""

import asyncio
from collections.abc import Awaitable, Callable


def cancellation_requested() -> bool:
    """Whether `cancel()` was called on the current task: a CancelledError alone does not prove it."""
    this = asyncio.current_task()
    return this is not None and this.cancelling() > 0


async def supervised(work: Callable[[], Awaitable[object]]) -> None:
    """Do the work as a whole task; raises its error, and RuntimeError when it ends without being cancelled.

    The work is a function, called once the task runs: a coroutine whose task is cancelled before that would be lost.

    asyncio regards a task that ends with CancelledError as cancelled, and a TaskGroup ignores it. But when a client
    library awaits a task that it has cancelled itself, its caller ends with the same error.
    """
    try:
        await work()
    except asyncio.CancelledError as error:
        if cancellation_requested():
            raise
        raise RuntimeError("was cancelled from within") from error
    raise RuntimeError("came to an end")
