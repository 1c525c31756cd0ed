"""Writers that write to every service of a platform, one request after the other, until they are stopped.

Between them each relay, each consumer and the sender of mails has something to do all the time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx

from embedded.demo.people import load_demo
from embedded.journey import content, stages
from embedded.journey.player import Player

APPLICANT = "applicant-2"
WINNER = "applicant-1"
"""Wins a brand in one of the tests: the experts taken in by the writers, whom nobody plays, must not judge him."""
HONOUR = "FAMOUS_PRODUCT"
BRANDED = "SERVICE_BRAND"
UNDECIDED = ("submitted", "recommended", "accepted")
PATIENCE_SECONDS = 150.0
PAUSE_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the writers write about: a round that is open, and a brand in force."""

    round_id: str
    number: str


class Load:
    """One run of the writers; `name` keeps its keys and codes apart from those of other runs."""

    def __init__(self, client: httpx.AsyncClient, ground: Ground, name: str) -> None:
        self._client = client
        self._ground = ground
        self._name = name
        self._enough = asyncio.Event()
        self.writers = (self._cases, self._acts, self._agencies, self._contacts, self._experts)

    def player(self, story: str) -> Player:
        """Return somebody who plays a part of this run."""
        story = f"{self._name}-{story}"
        return Player(self._client, load_demo(), story=story, report=lambda _: None, patience=PATIENCE_SECONDS)

    def stop(self) -> None:
        """Have every writer end what it has begun, and begin nothing more."""
        self._enough.set()

    async def act(self, player: Player) -> None:
        """Warn the holder of the brand, or take that back when he has been warned; each needs two persons."""
        brand = await player.ask(None, f"/v1/brands/{self._ground.number}")
        grounds, warned = content.programme(BRANDED).title.grounds, brand["state"] == "warned"
        verb, ground = ("reinstatements", grounds.reinstate[0]) if warned else ("warnings", grounds.warn[0])
        await stages.act(player, self._ground.number, verb=verb, grounds=ground.code, event="")

    async def _again(self, write: Callable[[int], Awaitable[object]]) -> None:
        number = 0
        while not self._enough.is_set():
            number += 1
            await write(number)
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE_SECONDS):
                    await self._enough.wait()

    async def _cases(self) -> None:
        """Take case after case from the draft to the review, and withdraw each, so that the next is no overlap."""
        player = self.player("cases")
        firm = stages.applicant_of(player.demo, APPLICANT)

        async def withdraw(case: str) -> None:
            path = f"/v1/applications/{case}"
            await player.do(APPLICANT, "withdraws", f"{path}/withdrawals", {"reason": "故障测试"})
            await player.until(APPLICANT, "sees it withdrawn", path, lambda seen: seen["state"] == "withdrawn")

        async def write(_: int) -> None:
            case = await stages.apply(player, APPLICANT, self._ground.round_id, HONOUR)
            await stages.recommend(player, case, firm.division)
            await stages.accept(player, case)
            await withdraw(case)

        found = await player.ask(APPLICANT, "/v1/applications", limit="200")
        for left in found["items"]:  # by a run that failed
            if left["state"] in UNDECIDED:
                await withdraw(left["id"])
        await self._again(write)

    async def _acts(self) -> None:
        player = self.player("acts")
        await self._again(lambda _: self.act(player))

    async def _agencies(self) -> None:
        player = self.player("agencies")

        async def write(number: int) -> None:
            body = {"code": f"{self._name}-{number}", "kind": "county", "name": f"故障{number}", "division": "370102"}
            await player.do(stages.ADMINISTRATOR, "enters an agency", "/v1/agencies", body)

        await self._again(write)

    async def _contacts(self) -> None:
        player = self.player("contacts")

        async def write(number: int) -> None:
            body = {"org": f"{self._name}-{number}", "name": f"联系人{number}", "email": "faults@example.test"}
            await player.do(stages.ADMINISTRATOR, "names a contact", "/v1/contacts", body)

        await self._again(write)

    async def _experts(self) -> None:
        player = self.player("experts")

        async def write(number: int) -> None:
            body = {
                "sub": f"{self._name}-{number}",
                "name": f"专家{number}",
                "division": "370100",
                "organisations": [{"organisation": "12370100FAKE00056F"}],
                "conflicts": [
                    {"organisation": stages.applicant_of(player.demo, WINNER).uscc, "ground": "other_interest"}
                ],
            }
            await player.do(stages.OFFICER, "takes an expert into the pool", "/v1/experts", body)

        await self._again(write)
