"""Supervised tasks: whatever ends them is raised, unless they were cancelled."""

import asyncio

import pytest

from common.kernel.supervised import supervised


async def waits_for_what_it_has_cancelled() -> None:
    other = asyncio.create_task(asyncio.Event().wait())
    other.cancel()
    await other


async def comes_to_an_end() -> None:
    pass


async def fails() -> None:
    raise ValueError("a defect")


async def test_work_that_was_cancelled_from_within_ends_the_group_that_it_belongs_to() -> None:
    with pytest.raises(ExceptionGroup) as group:  # noqa: PT012 -- the block is what is tested
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            tasks.create_task(supervised(waits_for_what_it_has_cancelled))
            await asyncio.Event().wait()
    assert group.group_contains(RuntimeError, match="cancelled from within")


async def test_work_that_came_to_an_end_or_failed_says_so() -> None:
    with pytest.raises(RuntimeError, match="came to an end"):
        await supervised(comes_to_an_end)
    with pytest.raises(ValueError, match="a defect"):
        await supervised(fails)


async def test_work_that_is_cancelled_from_outside_is_cancelled() -> None:
    task = asyncio.create_task(supervised(asyncio.Event().wait))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()


async def test_work_that_is_cancelled_before_it_began_leaves_no_coroutine_behind() -> None:
    begun = False

    async def begins() -> None:
        nonlocal begun
        begun = True

    task = asyncio.create_task(supervised(begins))
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()
    assert not begun
