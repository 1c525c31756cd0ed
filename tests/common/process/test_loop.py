import asyncio
import gc
from collections.abc import Iterator

import pytest
import uvloop

from common.process.loop import run


@pytest.fixture(autouse=True)
def rounds_as_before() -> Iterator[None]:
    """Let what the tests before this one have left be collected all the same."""
    yield
    gc.unfreeze()


async def loop_used() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_our_processes_run_on_uvloop() -> None:
    assert isinstance(run(loop_used()), uvloop.Loop)


def test_what_goes_wrong_comes_out() -> None:
    async def broken() -> None:
        raise ValueError("raised inside")

    with pytest.raises(ValueError, match="raised inside"):
        run(broken())


def test_what_is_loaded_before_the_loop_runs_is_left_out_of_the_garbage_collectors_rounds() -> None:
    async def left_out() -> int:
        return gc.get_freeze_count()

    loaded = len(gc.get_objects())
    assert run(left_out()) >= loaded > 0
