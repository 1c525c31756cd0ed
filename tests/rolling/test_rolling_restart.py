"""While requests flow, each api and each worker is restarted in turn, and no request fails at the gateway."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Final

import httpx
import pytest

from common.kernel.ids import new_id
from embedded.demo.people import load_demo
from embedded.journey import content, core_path, stages
from embedded.journey.player import Player
from support.faults.playing import unreadable
from support.service.waiting import let_pass
from support.stack.running import RunningStack
from support.stack.steady import Counting, Sending, percentile, send_steadily

PER_SECOND: Final = 50
REQUESTS: Final = 3_000
DEADLINE_SECONDS: Final = 600
LOOK_SECONDS: Final = 0.5
PAUSE_SECONDS: Final = 1.0
WAIT_SECONDS: Final = 15
"""A standby takes over within a second or two; a busy machine gets some more."""
HONOUR: Final = "SERVICE_BRAND"
APPLICANT: Final = "applicant-3"
OTHER_APPLICANT: Final = "applicant-2"
WITHDRAWN: Final = "cn.mingpai.applications.ApplicationWithdrawn.v1"


class Mix:
    """What partners send again and again, to every service; drafts are begun and withdrawn."""

    def __init__(self, player: Player, *, number: str, round_id: str) -> None:
        self._player = player
        self._brand = f"/v1/brands/{number}"
        self._draft = {"round_id": round_id, "answers": content.answers(HONOUR)}
        self._drafts: list[str] = []

    def __iter__(self) -> Iterator[Sending]:
        """Return requests without end."""
        turn: tuple[Sending, ...] = (
            partial(self._get, self._brand),
            partial(self._get, "/v1/brands?limit=20"),
            partial(self._get, f"{self._brand}/verification"),
            self._begin_draft,
            partial(self._get, "/v1/applications?limit=20", stages.OFFICER),
            partial(self._get, "/v1/notices?limit=20"),
            self._enter_agency,
            partial(self._get, "/v1/messages?limit=20", stages.ADMINISTRATOR),
            self._withdraw_draft,
        )
        return cycle(turn)

    async def _get(self, path: str, actor: str | None = None) -> None:
        headers = {} if actor is None else await self._player.headers(actor)
        await self._player.client.get(path, headers=headers)

    async def _post(self, actor: str, path: str, body: object) -> httpx.Response:
        headers = {"Idempotency-Key": new_id("key"), **await self._player.headers(actor)}
        return await self._player.client.post(path, json=body, headers=headers)

    async def _begin_draft(self) -> None:
        answer = await self._post(APPLICANT, "/v1/applications", self._draft)
        if answer.is_success:
            self._drafts.append(answer.json()["id"])

    async def _enter_agency(self) -> None:
        body = {"code": new_id(None), "kind": "county", "name": "滚动重启", "division": "370102"}
        await self._post(stages.ADMINISTRATOR, "/v1/agencies", body)

    async def _withdraw_draft(self) -> None:
        if self._drafts:
            path = f"/v1/applications/{self._drafts.pop()}/withdrawals"
            await self._post(APPLICANT, path, {"reason": "滚动重启"})
        else:
            await self._begin_draft()


async def hand_in_and_withdraw(player: Player, round_id: str, enough: Callable[[], bool]) -> int:
    """Hand in application after application, files and all, and withdraw each; returns how many it was."""
    number = 0
    while not enough():
        one = await stages.apply(player, OTHER_APPLICANT, round_id, HONOUR)
        await player.do(OTHER_APPLICANT, "withdraws it", f"/v1/applications/{one}/withdrawals", {"reason": "滚动重启"})
        number += 1
        await let_pass(PAUSE_SECONDS)
    return number


async def published_withdrawals(player: Player) -> int:
    """Return how many withdrawals are in the feed, which comes from the log by way of two workers."""
    number, cursor = 0, dict[str, str]()
    while True:
        page = await player.ask("office-1", "/v1/events", limit="200", types=WITHDRAWN, **cursor)
        number += len(page["items"])
        if len(page["items"]) < 200:
            return number
        cursor = {"after": page["next_cursor"]}


async def restart_everything(stack: RunningStack) -> list[str]:
    """Restart each api and worker as an operator does; returns those that are ready again, in turn."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stack", "restart", "--data", str(stack.data),
        stdout=asyncio.subprocess.PIPE, env=os.environ,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return [line.split()[-3] for line in said.decode().splitlines() if line.endswith(" is ready")]


async def watch_outboxes(stack: RunningStack, enough: Callable[[], bool]) -> float:
    """Look again and again how long events wait to be published; returns the longest time seen."""
    longest = 0.0
    while not enough():
        longest = max(longest, await stack.longest_wait())
        await let_pass(LOOK_SECONDS)
    return longest


@pytest.mark.timeout(DEADLINE_SECONDS + 120)
async def test_no_request_fails_while_every_api_and_worker_is_restarted_in_turn(
    player: Player, running_stack: RunningStack, capsys: pytest.CaptureFixture[str]
) -> None:
    number = await core_path.play_honour(player, core_path.CAST[0])
    round_id = await stages.open_round(player, HONOUR)
    for applicant in (APPLICANT, OTHER_APPLICANT):
        await stages.register_applicant(player, applicant)
    transport = Counting()
    async with (
        asyncio.timeout(DEADLINE_SECONDS),
        httpx.AsyncClient(transport=transport, base_url=running_stack.url, timeout=30) as client,
    ):
        caller = Player(client, load_demo(), story="rolling", report=lambda _: None)
        for actor in (stages.ADMINISTRATOR, stages.OFFICER, APPLICANT):
            await caller.headers(actor)
        mix = Mix(caller, number=number, round_id=round_id)
        restarting = asyncio.create_task(restart_everything(running_stack))

        def enough() -> bool:
            return restarting.done() and transport.count >= REQUESTS

        handing_in = asyncio.create_task(hand_in_and_withdraw(caller, round_id, enough))
        watching = asyncio.create_task(watch_outboxes(running_stack, enough))
        took = await send_steadily(iter(mix), per_second=PER_SECOND, enough=enough)
        longest, withdrawn, restarted = await watching, await handing_in, restarting.result()
    await running_stack.become_quiet()
    lost = await unreadable(player, transport.acknowledged)
    with capsys.disabled():
        print(  # noqa: T201 -- the figures of the run
            f"\n{transport.count} requests, {len(restarted)} restarts, {len(transport.failed)} failed, "
            f"{len(transport.acknowledged)} creations acknowledged, {len(lost)} lost, "
            f"p50 {percentile(took, 0.5) * 1000:.0f} ms, p99 {percentile(took, 0.99) * 1000:.0f} ms, "
            f"slowest {max(took) * 1000:.0f} ms; an event waited {longest:.1f} s at most to be published"
        )
    assert transport.failed == []
    assert len(restarted) == len(set(restarted)) == 16
    assert transport.count >= REQUESTS
    assert lost == []
    assert await published_withdrawals(player) == withdrawn > 0
    assert longest < WAIT_SECONDS
    assert len(set(transport.acknowledged)) == len(transport.acknowledged)
