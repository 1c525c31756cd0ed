"""Writers that never give up, and a process that is killed at random instants under them."""

import asyncio
import os
import random
import time
from pathlib import Path

import httpx
import pytest

from embedded.demo.people import load_demo
from embedded.journey import stages
from embedded.journey.player import Player
from support.faults.checker import findings, unkept
from support.faults.insisting import Insisting
from support.faults.playing import quiet, unreadable
from support.faults.stopped import picture_of
from support.service.process import PlatformProcess
from support.service.waiting import let_pass

SEED = int(os.environ.get("SOAK_SEED", "1"))
SECONDS = float(os.environ.get("SOAK_MINUTES", "3")) * 60
HONOURS = {"applicant-1": "FAMOUS_PRODUCT", "applicant-2": "FAMOUS_PRODUCT", "applicant-3": "SERVICE_BRAND"}
PAUSE = (1.0, 3.0)


async def _apply_and_withdraw(player: Player, actor: str, round_id: str, until: float) -> None:
    """Hand in application after application and withdraw each, so that the next is no overlap."""
    while time.monotonic() < until:
        application_id = await stages.apply(player, actor, round_id, HONOURS[actor])
        await player.do(actor, "withdraws", f"/v1/applications/{application_id}/withdrawals", {"reason": "浸泡测试"})


async def _enter_agencies(player: Player, until: float) -> None:
    number = 0
    while time.monotonic() < until:
        number += 1
        body = {"code": f"SOAK-{number}", "kind": "county", "name": f"浸泡测试{number}", "division": "370102"}
        await player.do("administrator", "enters an agency", "/v1/agencies", body)


async def _kill_now_and_then(platform: PlatformProcess, chance: random.Random, until: float) -> int:
    kills = 0
    while time.monotonic() < until:
        await let_pass(chance.uniform(*PAUSE))  # the instant of the kill is what is drawn
        await platform.kill()
        kills += 1
        await platform.start()
    return kills


@pytest.mark.timeout(int(SECONDS) + 400)
async def test_nothing_is_lost_doubled_or_reordered_by_random_kills(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = PlatformProcess(tmp_path)
    await platform.start()
    transport = Insisting(platform.back)
    async with httpx.AsyncClient(transport=transport, base_url=platform.url, timeout=60) as client:
        demo = load_demo()
        first = Player(client, demo, story="soak", report=lambda _: None)
        await stages.set_up_province(first)
        rounds = {honour: await stages.open_round(first, honour) for honour in sorted(set(HONOURS.values()))}
        until = time.monotonic() + SECONDS
        async with asyncio.TaskGroup() as tasks:
            killer = tasks.create_task(_kill_now_and_then(platform, random.Random(SEED), until))  # noqa: S311 -- seeded
            for actor, honour in HONOURS.items():
                player = Player(client, demo, story=f"soak-{actor}", report=lambda _: None)
                await stages.register_applicant(player, actor)
                tasks.create_task(_apply_and_withdraw(player, actor, rounds[honour], until))
            clerk = Player(client, demo, story="soak-clerk", report=lambda _: None)
            tasks.create_task(_enter_agencies(clerk, until))
        await quiet(first, patience=300)
        kills, writes = killer.result(), len(transport.requests)
        lost = await unreadable(first, transport.acknowledged)
    await platform.stop()
    picture = picture_of(tmp_path)
    wrong = findings(picture) + unkept(picture, transport.requests)
    with capsys.disabled():
        print(f"\nseed {SEED}: {kills} kills, {writes} acknowledged writes, {len(lost)} lost, {len(wrong)} findings")  # noqa: T201 -- the figures of the run
    assert lost == []
    assert wrong == []
    assert kills >= SECONDS / 9
    assert writes >= SECONDS * 50 / 9
