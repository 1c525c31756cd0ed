"""Faults on a stack: writers write while a fault happens; then a checker judges the stored data."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx

from embedded.demo.people import load_demo
from embedded.journey import core_path, stages
from embedded.journey.core_path import Candidate
from embedded.journey.player import Player
from support.faults.checker import findings, unkept
from support.faults.insisting import Insisting
from support.faults.load import APPLICANT, Ground, Load
from support.faults.playing import unreadable
from support.faults.reading import picture_of
from support.service.waiting import let_pass
from support.stack.killing import StackProcesses
from support.stack.running import RunningStack, quiet

QUIET_SECONDS = 180.0
"""Longer than a sender's lease: what a killed one had claimed is taken up when that has run out."""
LOOK_SECONDS = 0.2
QUIET_LOOKS = 5
SENDING = "SELECT count(*) FROM messages WHERE state IN ('awaiting_contact', 'queued', 'sending')"
ANSWER_SECONDS = 60
PUT_HERE = "planted-"
"""The prefix of the keys of events that a test published without a command: no rule applies to them."""
LOAD_YEAR = stages.YEAR + 1
"""The year of the round that the writers apply in; the other round of the honour is for one whole case."""


@dataclass
class Figures:
    """What a whole run came to."""

    runs: int = 0
    kills: int = 0
    writes: int = 0
    violations: int = 0
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the one line that ends the run."""
        counted = (
            f"{self.runs} runs, {self.kills} kills, {self.writes} acknowledged writes, {self.violations} violations"
        )
        return "; ".join([counted, *self.notes])


FIGURES = Figures()
PRODUCT, SERVICE = core_path.CAST


class Decided(NamedTuple):
    """A case on a list that was confirmed."""

    case: str
    deliberation: str


class Trial:
    """The stack in this data folder, on which nothing but these faults has been played."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.stack = RunningStack.at(data)
        self.processes = StackProcesses(data)
        self.round_id = ""
        self.ground = Ground(round_id="", number="")

    async def prepare(self) -> None:
        """Set up the province, win one brand, and open two rounds of the other honour; unless that has been done."""
        async with self._client(Insisting(self._soon)) as client:
            player = Player(client, load_demo(), story="ground", report=lambda _: None, patience=QUIET_SECONDS)
            if not await self._find(player):
                await self._lay(player)
                assert await self._find(player)

    async def _lay(self, player: Player) -> None:
        await stages.set_up_province(player)
        decided = await decide(player, SERVICE, await stages.open_round(player, SERVICE.honour))
        await announce(player, SERVICE, decided)
        await stages.register_applicant(player, APPLICANT)
        await stages.open_same_round(player, await stages.open_round(player, PRODUCT.honour), year=LOAD_YEAR)

    async def _find(self, player: Player) -> bool:
        rounds = (await player.ask(None, "/v1/rounds", honour=PRODUCT.honour))["items"]
        brands = (await player.ask(None, "/v1/brands", honour=SERVICE.honour))["items"]
        opened = {one["year"]: one["id"] for one in rounds}
        if LOAD_YEAR not in opened or not brands:
            return False
        self.round_id = opened[stages.YEAR]
        self.ground = Ground(round_id=opened[LOAD_YEAR], number=brands[0]["number"])
        return True

    @asynccontextmanager
    async def loaded(self) -> AsyncIterator[Load]:
        """Have the writers write while the block lasts; then see that nothing was lost, doubled or reordered."""
        async with self.judged() as load, asyncio.TaskGroup() as tasks:
            for writer in load.writers:
                tasks.create_task(writer())
            yield load
            load.stop()

    @asynccontextmanager
    async def judged(self) -> AsyncIterator[Load]:
        """See after the block that nothing was lost, doubled or reordered; what its players write counts."""
        await self.processes.mend()
        FIGURES.runs += 1
        kills = self.processes.kills
        transport = Insisting(self._soon)
        async with self._client(transport) as client:
            load = Load(client, self.ground, f"F{secrets.token_hex(4)}")
            yield load
            await self.quiet()
            picture = (await picture_of(self.data)).without(PUT_HERE)
            wrong = findings(picture) + unkept(picture, transport.requests)
            lost = await unreadable(load.player("reader"), transport.acknowledged)
        FIGURES.kills += self.processes.kills - kills
        FIGURES.writes += len(transport.requests)
        FIGURES.violations += len(wrong) + len(lost)
        assert lost == []
        assert wrong == []

    async def wrong(self) -> list[str]:
        """Return what is wrong here, with what tests have put here themselves."""
        return findings(await picture_of(self.data))

    async def quiet(self) -> None:
        """Wait until nothing is in progress any more. Raises NeverQuietError."""
        await quiet(self._under_way, seconds=QUIET_SECONDS, looks=QUIET_LOOKS)

    async def _under_way(self) -> str:
        parked = "SELECT count(*) FROM parked WHERE next_try_at IS NOT NULL OR waiting_for IS NOT NULL"
        for service in self.stack.databases:
            if await self.count(service, parked):
                return f"what {service} has parked"
        if await self.count("notifications", SENDING):
            return "mails"
        return await self.stack.under_way()

    async def count(self, service: str, question: str, *values: object) -> int:
        """Return the one number that a service's database answers."""
        ((found,),) = await self.rows(service, question, *values)
        assert isinstance(found, int)
        return found

    async def rows(self, service: str, question: str, *values: object) -> list[tuple[object, ...]]:
        """Return what a service's database answers."""
        connection = await asyncpg.connect(self.stack.databases[service])
        try:
            return [tuple(row) for row in await connection.fetch(question, *values)]
        finally:
            await connection.close()

    def _client(self, transport: Insisting) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=transport, base_url=self.stack.url, timeout=ANSWER_SECONDS)

    @staticmethod
    async def _soon() -> None:
        """What the gateway cannot answer now it can soon."""
        await let_pass(LOOK_SECONDS)


async def decide(player: Player, candidate: Candidate, round_id: str) -> Decided:
    """Take one case from the application to the confirmed list, which waits to be announced."""
    firm = await stages.register_applicant(player, candidate.actor)
    case = await stages.apply(player, candidate.actor, round_id, candidate.honour)
    await stages.recommend(player, case, firm.division)
    await stages.accept(player, case)
    await stages.conclude_acceptance(player, round_id)
    await stages.draw(player, round_id)
    await stages.score(player)
    ranking = await stages.rank(player, round_id)
    notice = await stages.put_on_notice(player, ranking["id"])
    await stages.let_notice_run_out(player, notice)
    deliberation = await stages.deliberate(player, ranking["id"])
    await stages.confirm(player, deliberation)
    return Decided(case, deliberation)


async def announce(player: Player, candidate: Candidate, decided: Decided) -> str:
    """Announce the list and wait for the brand; returns its number."""
    await stages.announce(player, decided.deliberation, document_number=candidate.document_number)
    return await core_path.wait_for_brand(player, candidate.actor, decided.case)
