import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from common.runtime import Runtime
from common.service import Job
from common.worker import repeat


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


async def test_a_job_that_fails_is_told_and_tried_again() -> None:
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
