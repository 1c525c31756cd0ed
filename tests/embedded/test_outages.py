"""A full disk and a file locked by another program: a clear 503, nothing half-written, then normal service."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx
import pytest

from embedded.demo.people import load_demo
from embedded.journey import core_path, stages
from embedded.journey.player import Player
from embedded.launcher import NAMES
from support.faults.checker import findings
from support.faults.insisting import Insisting
from support.faults.playing import PATIENCE_SECONDS, quiet
from support.faults.stopped import picture_of
from support.service.disks import no_room
from support.service.foreign import holding
from support.service.process import PlatformProcess
from support.service.waiting import eventually

AGENCY = {"code": "OUTAGE-1", "kind": "county", "name": "停电县", "division": "370102"}
FILLS: Final = 20
"""How often the disk is full in a story; a mail that the mailbox cannot store is tried later each time."""
CANNOT_WRITE: Final = re.compile(r"nothing can be written: (SQLITE_|no answer within \d+ s)")


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[PlatformProcess]:
    platform = PlatformProcess(tmp_path)
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
async def player(platform: PlatformProcess) -> AsyncIterator[Player]:
    async with httpx.AsyncClient(base_url=platform.url, timeout=60) as client:
        yield Player(client, load_demo(), story="outage", report=lambda _: None)


async def enter(player: Player, key: str) -> httpx.Response:
    headers = {"Idempotency-Key": key, **await player.headers("administrator")}
    return await player.client.post("/v1/agencies", json=AGENCY, headers=headers)


async def still_answers(player: Player) -> None:
    assert (await player.client.get("/livez")).status_code == 200
    assert (await player.client.get("/v1/agencies")).status_code == 200


async def assert_degraded(player: Player, *services: str) -> None:
    """Read `/readyz`: it answers 200, because reads are served, and names those that cannot write, and why."""

    async def said() -> bool:
        answer = await player.client.get("/readyz")
        degraded = {name: state for name, state in answer.json()["services"].items() if state != "ready"}
        assert answer.status_code == 200
        assert all(CANNOT_WRITE.search(state) for state in degraded.values()), degraded
        return set(degraded) == set(services)

    await eventually(said)


def entered(data: Path) -> tuple[int, int, int]:
    """Count the agency, its audit row and the answer kept for its key."""
    with closing(sqlite3.connect(data / "applications.db")) as database:
        agencies, audit, answers = (
            database.execute(question).fetchone()[0]
            for question in (
                "SELECT count(*) FROM agencies WHERE id = 'OUTAGE-1'",
                "SELECT count(*) FROM audit WHERE subject_id = 'OUTAGE-1'",
                "SELECT count(*) FROM idempotency WHERE key = 'outage'",
            )
        )
    return agencies, audit, answers


def assert_comes_back(refused: httpx.Response) -> None:
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "database-unavailable"
    assert int(refused.headers["retry-after"]) > 0


async def test_a_full_disk_refuses_writes_keeps_reading_and_loses_nothing(
    platform: PlatformProcess, player: Player
) -> None:
    await stages.set_up_province(player)

    with no_room(platform.pid):
        assert_comes_back(await enter(player, "outage"))
        assert_comes_back(await enter(player, "outage"))
        await still_answers(player)
        await assert_degraded(player, *NAMES)

    await assert_degraded(player)
    assert (await enter(player, "outage")).status_code == 201
    assert (await enter(player, "outage")).headers["idempotent-replayed"] == "true"
    await core_path.play_honour(player, core_path.CAST[0])
    await quiet(player)
    await platform.stop()
    assert entered(platform.data) == (1, 1, 1)
    assert findings(picture_of(platform.data)) == []


@pytest.mark.timeout(300)
async def test_a_disk_that_fills_again_and_again_under_a_story_loses_and_doubles_nothing(
    platform: PlatformProcess, player: Player
) -> None:
    filled = 0

    async def fill_now_and_then(playing: "asyncio.Task[str]") -> None:
        nonlocal filled
        while not playing.done() and filled < FILLS:
            with no_room(platform.pid):
                filled += 1
                await asyncio.wait([playing], timeout=0.2)
            await asyncio.wait([playing], timeout=0.6)

    async with httpx.AsyncClient(transport=Insisting(platform.back), base_url=platform.url, timeout=60) as client:
        # a mail that the mailbox could not store waits as long again as the disk was full, now and then
        insistent = Player(client, load_demo(), story="outage", report=lambda _: None, patience=PATIENCE_SECONDS)
        await stages.set_up_province(insistent)
        playing = asyncio.create_task(core_path.play_honour(insistent, core_path.CAST[0]))
        await fill_now_and_then(playing)
        await playing
    await quiet(player)
    await platform.stop()
    assert filled > 3
    assert findings(picture_of(platform.data)) == []


async def test_a_file_that_another_program_holds_refuses_writes_until_it_is_released(
    platform: PlatformProcess, player: Player
) -> None:
    await stages.set_up_province(player)

    async with holding(platform.data / "applications.db"):
        assert_comes_back(await enter(player, "outage"))
        await still_answers(player)
        await assert_degraded(player, "applications")

    await assert_degraded(player)
    assert (await enter(player, "outage")).status_code == 201
    await quiet(player)
    await platform.stop()
    assert entered(platform.data) == (1, 1, 1)
    assert findings(picture_of(platform.data)) == []
