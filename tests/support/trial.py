"""A stack on trial: writers write while a fault happens, and a checker judges what lies there once all is quiet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx

from embedded.demo import load_demo
from embedded.journey import core_path, stages
from embedded.journey.core_path import Candidate
from embedded.journey.player import Player
from support.checker import findings, unkept
from support.insisting import Insisting
from support.killing import StackProcesses
from support.load import Ground, Load
from support.picture import Picture
from support.playing import unreadable
from support.reading import picture_of
from support.stack import RunningStack

QUIET_SECONDS = 180.0
"""Longer than a sender's lease: what a killed one had claimed is taken up when that has run out."""
LOOK_SECONDS = 0.2
QUIET_LOOKS = 3
ANSWER_SECONDS = 60
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
    """The stack in this data folder, on which nothing has been played yet."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.stack = RunningStack.at(data)
        self.processes = StackProcesses(data)
        self.put_here: set[str] = set()
        """The keys of events that a test made itself, past all commands: no rule is asked about them."""
        self.round_id = ""
        self.ground = Ground(round_id="", number="")

    async def prepare(self) -> None:
        """Set up the province, win one brand, and open two rounds of the other honour, one of them for the writers."""
        async with self._client(Insisting(self._soon)) as client:
            player = self._player(client, "ground")
            await stages.set_up_province(player)
            decided = await decide(player, SERVICE, await stages.open_round(player, SERVICE.honour))
            brand = await announce(player, SERVICE, decided)
            self.round_id = await stages.open_round(player, PRODUCT.honour)
            first = await player.ask(stages.OFFICE, f"/v1/rounds/{self.round_id}")
            told = {name: first[name] for name in ("programme_id", "opens_at", "closes_at")}
            opened = await player.do(stages.OFFICE, "opens a round", "/v1/rounds", {**told, "year": LOAD_YEAR})
            await stages.register_applicant(player, "applicant-2")
            self.ground = Ground(round_id=opened["id"], number=brand)

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
            load = Load(client, self.ground, f"F{FIGURES.runs:03d}")
            yield load
            await self.quiet()
            picture = await self._picture()
            wrong = findings(picture) + unkept(picture, transport.requests)
            lost = await unreadable(load.player("reader"), transport.acknowledged)
        FIGURES.kills += self.processes.kills - kills
        FIGURES.writes += len(transport.requests)
        FIGURES.violations += len(wrong) + len(lost)
        assert lost == []
        assert wrong == []

    async def wrong(self) -> list[str]:
        """Return what is wrong with all that was ever told and done here."""
        return findings(await self._picture())

    async def quiet(self) -> None:
        """Wait until nothing is under way any more."""
        looks = 0
        async with asyncio.timeout(QUIET_SECONDS):
            while looks < QUIET_LOOKS:
                looks = 0 if await self._busy() else looks + 1
                await asyncio.sleep(LOOK_SECONDS)  # how long nothing happens is what is asked

    async def _picture(self) -> Picture:
        return (await picture_of(self.data)).without(frozenset(self.put_here))

    async def _busy(self) -> bool:
        sending = "SELECT count(*) FROM messages WHERE state IN ('awaiting_contact', 'queued', 'sending')"
        parked = "SELECT count(*) FROM parked WHERE ready OR waiting_for IS NOT NULL"
        waiting = [await self.count(service, parked) for service in self.stack.databases]
        return any(waiting) or bool(await self.count("notifications", sending)) or await self.stack.busy()

    @staticmethod
    async def passing(seconds: float) -> None:
        """Let time pass in which the others go on."""
        await asyncio.sleep(seconds)  # how long a fault lasts is what is asked

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

    def _player(self, client: httpx.AsyncClient, story: str) -> Player:
        return Player(client, load_demo(), story=story, tell=lambda _: None, patience=QUIET_SECONDS)

    @staticmethod
    async def _soon() -> None:
        """What the gateway cannot answer now it can soon."""
        await asyncio.sleep(LOOK_SECONDS)


async def decide(player: Player, candidate: Candidate, round_id: str) -> Decided:
    """Take one case from the application to the confirmed list, which waits to be announced."""
    firm = await stages.register_applicant(player, candidate.actor)
    case = await stages.apply(player, candidate.actor, round_id, candidate.honour)
    await stages.recommend(player, case, firm.division)
    await stages.accept(player, case)
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
