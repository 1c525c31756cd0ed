import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from common.kernel.errors import Transient
from common.process.worker import repeat
from common.runtime import Runtime
from common.service import Job


async def test_a_job_ends_although_a_library_swallowed_its_cancellation() -> None:
    begun = asyncio.Event()

    async def swallow(_runtime: Runtime) -> int:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return 1  # as asyncio.wait_for does when its answer comes at the same time
        return 0

    job = Job(name="swallows", every=timedelta(days=1), run=swallow)
    task = asyncio.create_task(repeat(job, cast("Runtime", SimpleNamespace(service="test"))))
    await begun.wait()
    task.cancel()

    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_job_that_fails_is_logged_and_retried() -> None:
    runs = 0
    again = asyncio.Event()

    async def fail_once(_runtime: Runtime) -> int:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise ValueError("a defect")
        again.set()
        return 0

    job = Job(name="fails", every=timedelta(milliseconds=1), run=fail_once)
    task = asyncio.create_task(repeat(job, cast("Runtime", SimpleNamespace(service="test"))))
    async with asyncio.timeout(5):
        await again.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert runs == 2


class Sleeps:
    """A sleep that takes no time, records its seconds and cancels the task after so many."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        if len(self.taken) == self.count:
            this = asyncio.current_task()
            assert this is not None
            this.cancel()
        await asyncio.sleep(0)


async def slept(job: Job, count: int) -> list[float]:
    """Repeat a job until it has slept so often; returns the seconds."""
    sleeps = Sleeps(count)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(repeat(job, cast("Runtime", SimpleNamespace(service="test")), sleep=sleeps))
    return sleeps.taken


async def test_a_job_is_retried_with_growing_delays_through_an_outage_of_any_length() -> None:
    async def fail(_runtime: Runtime) -> int:
        raise Transient("an outage")

    seconds = await slept(Job(name="fails", every=timedelta(seconds=1), run=fail), 1_100)

    assert 1 <= seconds[0] <= 2
    assert 2 <= seconds[1] <= 4
    assert all(15 <= one <= 30 for one in seconds[4:])


async def test_a_job_keeps_its_interval_however_long_it_is() -> None:
    async def done(_runtime: Runtime) -> int:
        return 0

    assert await slept(Job(name="hourly", every=timedelta(hours=1), run=done), 2) == [3600, 3600]
