"""Stories played against a platform that is killed or starved on the way, and what is left of it afterwards."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx

from embedded.demo.people import load_demo
from embedded.journey import core_path, stages
from embedded.journey.player import Player
from support.faults.insisting import Insisting
from support.service.process import PlatformProcess

PATIENCE_SECONDS = 100.0
"""Longer than a lease: what a killed sender had claimed is taken up by the next one when it has run out."""
STILL_SECONDS = 1.5
UNDER_WAY = ("awaiting_contact", "queued", "sending", "undeliverable")
READERS = (
    "administrator",
    "officer-1",
    "office-1",
    "applicant-1",
    "applicant-2",
    "applicant-3",
    "expert-1",
    "expert-2",
    "expert-3",
    "expert-4",
    "expert-5",
)


@dataclass(frozen=True)
class Played:
    """What came of a story: how often the process died, what was acknowledged, and what of it cannot be read."""

    deaths: int
    acknowledged: int
    lost: list[str]
    requests: list[str]


async def play_with(failpoint: str | None, data: Path) -> Played:
    """Play one honour while the process dies at the failpoint; then start afresh, read everything back and stop.

    A busy machine takes more at once and passes a point less often: if no process has died, another honour is played.
    """
    platform = PlatformProcess(data)
    await platform.start(failpoint=failpoint)
    transport = Insisting(platform.revive)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=platform.url, timeout=60) as client:
            player = Player(client, load_demo(), story="faults", report=lambda _: None, patience=PATIENCE_SECONDS)
            await stages.set_up_province(player)
            for candidate in core_path.CAST:
                if not transport.breaks:
                    await core_path.play_honour(player, candidate)
                    await quiet(player)
            deaths = transport.breaks
            await platform.revive()
            await quiet(player)
            lost = await unreadable(player, transport.acknowledged)
    finally:
        await platform.stop()
    return Played(deaths=deaths, acknowledged=len(transport.acknowledged), lost=lost, requests=transport.requests)


async def unreadable(player: Player, addresses: Iterable[str]) -> list[str]:
    """Return the addresses whose created resource no client of the demo can read."""
    lost: list[str] = []
    readers = list(READERS)
    for address in dict.fromkeys(addresses):
        for client in list(readers):
            answer = await player.client.get(address, headers=await player.headers(client))
            if answer.is_success:
                readers.remove(client)
                readers.insert(0, client)  # who could read this one is asked first about the next
                break
        else:
            lost.append(address)
    return lost


async def quiet(player: Player, *, patience: float = PATIENCE_SECONDS) -> None:
    """Wait until nothing is in progress: the feed does not grow and every message has been delivered."""
    async with asyncio.timeout(patience):
        while True:
            before = await _standing(player)
            await asyncio.sleep(STILL_SECONDS)  # how long nothing happens is what is asked
            if before == await _standing(player) and not before[1]:
                return


async def _standing(player: Player) -> tuple[int, set[str]]:
    """Return the feed's head and the states of all messages."""
    events = 0
    cursor: dict[str, str] = {}
    while True:
        page = await player.ask("office-1", "/v1/events", limit="200", **cursor)
        events += len(page["items"])
        if len(page["items"]) < 200:
            break
        cursor = {"after": page["next_cursor"]}
    states: set[str] = set()
    for state in UNDER_WAY:
        messages = await player.ask("administrator", "/v1/messages", limit="1", state=state)
        states |= {one["state"] for one in messages["items"]}
    return events, states
