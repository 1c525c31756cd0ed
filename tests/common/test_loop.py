import asyncio

import pytest
import uvloop

from common.loop import run


async def loop_used() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_our_processes_run_on_uvloop() -> None:
    assert isinstance(run(loop_used()), uvloop.Loop)


def test_what_goes_wrong_comes_out() -> None:
    async def broken() -> None:
        raise ValueError("told")

    with pytest.raises(ValueError, match="told"):
        run(broken())
