"""Each pair of moves in docs/sagas.md, made at once again and again: the services never contradict each other.

`RACES=50` plays each pair fifty times on both databases; without it once on PostgreSQL, which has several writers.
Then many pairs share one platform: each race plays in a round of a year of its own, and what it spoils stays there.
"""

import asyncio
import copy
import os
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from embedded.demo.people import load_demo
from embedded.journey import content, stages
from embedded.journey.player import Player
from support.casts.contradictions import contradictions
from support.service.platform import Platform
from support.service.quiet import become_quiet, left_aside

ROUNDS: Final = int(os.environ.get("RACES", "1"))
DATABASES: Final = ("sqlite", "postgresql") if "RACES" in os.environ else ("postgresql",)
PAGE: Final = Path(__file__).parents[2] / "docs" / "sagas.md"
HONOUR: Final = "FAMOUS_PRODUCT"
RIVALS: Final = ("applicant-1", "applicant-2")
STARTS: Final = (0, 0, 5, 20, 60, 150)
"""How many other requests go before the second move: it meets the event of the first one on its way, or after it."""
EXPERT: Final = {"name": "虚构专家", "division": "370300", "specialities": ["tourism"]}

Move = Callable[[], Awaitable[None]]
Moves = tuple[Move, ...]
"""Two moves that are made at once, then those that must be possible once the lag is 0."""


@dataclass
class Ground:
    """One round with two cases, brought as far as a pair needs; `n` is its number among the rounds of the test."""

    platform: Platform
    player: Player
    n: int
    programme_id: str
    round_id: str = ""
    cases: dict[str, str] = field(default_factory=dict)
    """The ids of the applications by the applicant's client."""

    async def opened(self) -> "Ground":
        """Open the round of a year of its own."""
        now = await stages.legal_now(self.player)
        body = {
            "programme_id": self.programme_id,
            "year": stages.YEAR + self.n,
            "opens_at": "2015-10-08T00:00:00+08:00",
            "closes_at": now.replace(month=12, day=31).isoformat(),
        }
        self.round_id = str((await self.player.do(stages.OFFICE, "opens a round", "/v1/rounds", body))["id"])
        return self

    def answers(self, actor: str) -> dict[str, Any]:
        """Return an applicant's answers under a trademark of its own, for which nobody can have a title yet."""
        mark = {"registration_number": f"9{RIVALS.index(actor)}{self.n:06d}"}
        answers = content.answers(HONOUR)
        return answers | {"trademark": answers["trademark"] | mark}

    async def recommended(self) -> "Ground":
        """Bring both applications to the recognition body's desk."""
        await self.opened()
        for actor in RIVALS:
            firm = stages.applicant_of(self.player.demo, actor)
            one = await stages.apply(self.player, actor, self.round_id, HONOUR, answers=self.answers(actor))
            await stages.recommend(self.player, one, firm.division)
            self.cases[actor] = one
        return self

    async def accepted(self) -> "Ground":
        await self.recommended()
        for one in self.cases.values():
            await stages.accept(self.player, one)
        return self

    async def drawn(self) -> "Ground":
        await self.accepted()
        await stages.conclude_acceptance(self.player, self.round_id)
        await stages.draw(self.player, self.round_id)
        return self

    async def filled_in(self) -> list[dict[str, Any]]:
        """Have all sheets but one handed in; returns the last one with its expert as `client`."""
        await self.drawn()
        open_ones = []
        for expert in self.player.demo.experts:
            for row in (await self.player.ask(expert.client, "/v1/sheets", waiting_for="me"))["items"]:
                sheet = await stages.sheet_to_score(self.player, expert.client, row["id"])
                points = content.scores(sheet["indicators"], share="0.85")
                path = f"/v1/sheets/{sheet['id']}"
                await self.player.do(
                    expert.client, "fills in", path, {"scores": points}, method="PUT", version=sheet["version"]
                )
                mine = sheet["application"]["application_id"] == self.cases[RIVALS[0]]
                open_ones.append({"client": expert.client, "path": path, "mine": mine})
        return open_ones

    async def scored(self) -> "Ground":
        await self.drawn()
        await stages.score(self.player)
        return self

    async def ranked(self) -> dict[str, Any]:
        await self.scored()
        return await stages.rank(self.player, self.round_id)

    async def noticed(self) -> dict[str, Any]:
        return await stages.put_on_notice(self.player, (await self.ranked())["id"])

    async def run_out(self) -> str:
        """Let the notice run out; returns the id of the list."""
        notice = await self.noticed()
        await stages.let_notice_run_out(self.player, notice)
        page = await self.player.ask(stages.OFFICE, "/v1/rankings", round_id=self.round_id)
        return str(page["items"][0]["id"])

    async def deliberated(self) -> str:
        return await stages.deliberate(self.player, await self.run_out())

    async def confirmed(self) -> str:
        deliberation_id = await self.deliberated()
        await stages.confirm(self.player, deliberation_id)
        return deliberation_id

    def move(self, actor: str, path: str, body: object = None, *refused: str) -> Move:
        """Return a command that may be stored, or refused with one of these codes."""

        async def send() -> None:
            headers = await self.platform.headers(actor, "POST")
            headers.pop("If-Match", None)
            answer = await self.platform.client.post(path, json=body, headers=headers)
            assert answer.status_code == 201 or answer.json()["code"] in refused, answer.text

        return send

    def withdrawal(self) -> Move:
        """Return the first applicant's withdrawal."""
        path = f"/v1/applications/{self.cases[RIVALS[0]]}/withdrawals"
        return self.move(RIVALS[0], path, {"reason": "企业调整计划。"}, "recognition-stands")

    def announcement(self, deliberation_id: str, today: str) -> Move:
        body = {"deliberation_id": deliberation_id, "document_number": f"演示〔{self.n}〕号", "effective_on": today}
        return self.move(stages.OFFICE, "/v1/announcements", body)

    async def announce(self, deliberation_id: str) -> None:
        """Announce, so that every race ends with outcomes that can be compared."""
        await self.announcement(deliberation_id, await self.today())()

    async def today(self) -> str:
        return str((await self.player.ask(None, "/v1/demo/clock"))["today"])


async def _draw(ground: Ground) -> Moves:
    await ground.accepted()
    await stages.conclude_acceptance(ground.player, ground.round_id)
    await become_quiet(ground.platform)
    body = {"round_id": ground.round_id, "seed": "s"}
    return ground.withdrawal(), ground.move(stages.OFFICER, "/v1/draws", body)


async def _score(ground: Ground) -> Moves:
    sheets = await ground.filled_in()
    mine = [sheet for sheet in sheets if sheet["mine"]]

    async def hand_in() -> None:
        for sheet in mine:
            await ground.move(sheet["client"], f"{sheet['path']}/submissions", None, "sheet-void")()

    return ground.withdrawal(), hand_in


async def _rank(ground: Ground) -> Moves:
    await ground.scored()
    body = {"round_id": ground.round_id, "seed": "s"}
    return ground.withdrawal(), ground.move(stages.OFFICER, "/v1/rankings", body)


async def _conclude(ground: Ground) -> Moves:
    """The panels are drawn while the acceptance is concluded, right after the second case was accepted."""
    await ground.recommended()
    for case in ground.cases.values():
        await stages.accept(ground.player, case)
    await ground.player.do(stages.OFFICE, "closes", f"/v1/rounds/{ground.round_id}/closings")
    body = {"round_id": ground.round_id, "seed": "s"}
    conclude = ground.move(stages.OFFICER, f"/v1/rounds/{ground.round_id}/acceptance-conclusions")
    draw = ground.move(stages.OFFICER, "/v1/draws", body, "acceptance-not-concluded", "cases-missing")
    return conclude, draw, ground.move(stages.OFFICER, "/v1/draws", body, "nothing-to-draw")


async def _notice(ground: Ground) -> Moves:
    ranking = await ground.ranked()
    return ground.withdrawal(), ground.move(stages.OFFICER, "/v1/notices", {"ranking_id": ranking["id"]})


async def _objection(ground: Ground) -> Moves:
    notice = await ground.noticed()
    filed = await stages.file_objection(ground.player, notice["id"], ground.cases[RIVALS[0]])
    path = f"/v1/objections/{filed['id']}"
    await ground.player.do(stages.OFFICER, "asks", f"{path}/hearings", {"question": "请说明。"})
    await ground.player.do(RIVALS[0], "states", f"{path}/statements", {"statement": "不属实。"})
    answer = {"verdict": "upheld", "reason": "属实。"}
    return ground.withdrawal(), ground.move(stages.OFFICER, f"{path}/answers", answer)


async def _remove(ground: Ground) -> Moves:
    ranking = await ground.ranked()
    page = await ground.player.ask(stages.OFFICE, "/v1/reviews", application_id=ground.cases[RIVALS[0]])
    body = {"review_id": page["items"][0]["id"], "ground": "false_statement", "reason": "材料不实。"}
    path = f"/v1/rankings/{ranking['id']}/removals"
    return ground.withdrawal(), ground.move(stages.OFFICE, path, body, "not-on-list")


async def _deliberate(ground: Ground) -> Moves:
    body = stages.vote(await ground.run_out())
    return ground.withdrawal(), ground.move(stages.OFFICER, "/v1/deliberations", body)


def _decide(verb: str, body: object) -> Callable[[Ground], Awaitable[Moves]]:
    async def prepare(ground: Ground) -> Moves:
        path = f"/v1/deliberations/{await ground.deliberated()}/{verb}"
        return ground.withdrawal(), ground.move(stages.OFFICE, path, body)

    return prepare


async def _announce(ground: Ground) -> Moves:
    deliberation_id = await ground.confirmed()
    return ground.withdrawal(), ground.announcement(deliberation_id, await ground.today())


async def _act(ground: Ground) -> Moves:
    """The title is revoked while its applicant, who has not seen the outcome yet, withdraws."""
    await ground.announce(await ground.confirmed())
    player, one = ground.player, ground.cases[RIVALS[0]]
    number = await player.until(
        RIVALS[0], "sees the brand", f"/v1/applications/{one}", lambda seen: seen["brand_number"]
    )
    revoke = content.programme(HONOUR).title.grounds.revoke
    ground_code = next(one.code for one in revoke if one.bar_years is None)  # the applicant applies again
    body = {
        "grounds": ground_code,
        "reason": "弄虚作假。",
        "document_number": f"撤〔{ground.n}〕号",
        "effective_on": await ground.today(),
    }
    proposed = await player.do(stages.OFFICE, "proposes", f"/v1/brands/{number}/revocations", body)
    return ground.withdrawal(), ground.move(stages.OTHER_OFFICE, f"/v1/acts/{proposed['id']}/approvals")


async def _contact(ground: Ground) -> Moves:
    """The contact is named at notifications while a submission brings the one that the applicant registered."""
    await ground.opened()
    body = {"round_id": ground.round_id, "answers": ground.answers(RIVALS[0])}
    one = await ground.player.do(RIVALS[0], "drafts", "/v1/applications", body)
    for kind in (each.kind for each in content.programme(HONOUR).materials.kinds if each.required):
        path = f"/v1/applications/{one['id']}/attachments"
        file = {"file": (f"{kind}.pdf", content.material(kind), "application/pdf")}
        await ground.player.do(RIVALS[0], "attaches", path, {"kind": kind}, files=file)
    org = stages.applicant_of(ground.player.demo, RIVALS[0]).uscc
    named = {"org": org, "name": "另一联系人", "email": f"race-{ground.n}@example.test"}
    submit = ground.move(RIVALS[0], f"/v1/applications/{one['id']}/submissions")
    return submit, ground.move(RIVALS[0], "/v1/contacts", named)


async def _exception(ground: Ground) -> Moves:
    """An expert of an employer whose code is just being admitted is entered."""
    await ground.opened()
    code = f"91350203M0001Q{ground.n:03d}9"
    admit = ground.move(
        stages.OFFICER, "/v1/exceptions", {"uscc": code, "reason": "早期赋码。"}, "uscc-needs-no-exception"
    )
    person = {**EXPERT, "sub": f"race-{ground.n}", "organisations": [{"organisation": code}]}
    enter = ground.move(stages.OFFICER, "/v1/experts", person, "uscc-not-admitted")
    return admit, enter, ground.move(stages.OFFICER, "/v1/experts", person, "expert-already-entered")


PAIRS: Final[dict[str, Callable[[Ground], Awaitable[Moves]]]] = {
    "withdraw-draw": _draw,
    "withdraw-score": _score,
    "withdraw-rank": _rank,
    "withdraw-notice": _notice,
    "withdraw-objection": _objection,
    "withdraw-remove": _remove,
    "withdraw-deliberate": _deliberate,
    "withdraw-hold": _decide("holds", {"reason": "待查。"}),
    "withdraw-confirm": _decide("confirmations", None),
    "withdraw-return": _decide("returns", {"reason": "重议。"}),
    "withdraw-refuse": _decide("refusals", {"reason": "程序不合规。"}),
    "withdraw-announce": _announce,
    "withdraw-act": _act,
    "conclude-draw": _conclude,
    "submit-contact": _contact,
    "admit-expert": _exception,
}


def test_every_pair_of_the_page_has_its_race() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE) == list(PAIRS)


GROUPS: Final = len(PAIRS) if "RACES" in os.environ else 3
"""On how many platforms the pairs are played: each on one of its own when it is played often."""


@pytest.mark.timeout(480 + 30 * ROUNDS)
@pytest.mark.parametrize("databases", DATABASES, indirect=True)
@pytest.mark.parametrize("pairs", [list(PAIRS)[n::GROUPS] for n in range(GROUPS)], ids="+".join)
async def test_two_services_that_move_at_once_do_not_contradict_each_other(
    platform: Platform, pairs: Sequence[str]
) -> None:
    player = Player(platform.client, load_demo(), story="race", report=lambda _: None)
    await stages.set_up_province(player)
    for actor in RIVALS:
        await stages.register_applicant(player, actor)
    programme = await stages.publish_programme(player, _definition())
    starts = {pair: random.Random(pair) for pair in pairs}  # noqa: S311 -- the starts of a race
    found: dict[str, object] = {}
    for n, pair in enumerate(list(pairs) * ROUNDS):
        race, ground = f"{pair} {n // len(pairs)}", Ground(platform, player, n, programme["id"])
        aside = await left_aside(platform)
        try:
            await _play(pair, ground, starts[pair])
        except Exception as error:
            error.add_note(f"in the race {race}, after {found}")
            raise
        if contradicted := await contradictions(player, ground.round_id):
            found[race] = contradicted
        if (now := await left_aside(platform)) != aside:
            found[f"{race} leaves aside"] = now

    assert found == {}


def _definition() -> dict[str, Any]:
    """Return the honour's definition for a few experts who review the same applicants year after year."""
    definition = copy.deepcopy(content.programme(HONOUR).definition)
    review = definition["review"]
    review["recusal"] = [one for one in review["recusal"] if one["code"] != "reviewed_last_year"]
    return definition


async def _play(pair: str, ground: Ground, drawn: random.Random) -> None:
    """Make the two moves of a pair at once, and then what must be possible at rest."""
    first, second, *then = await PAIRS[pair](ground)
    await asyncio.gather(
        _after(drawn.randrange(3), ground.player, first),
        _after(drawn.choice(STARTS), ground.player, second),
    )
    await become_quiet(ground.platform)
    for move in then:
        await move()


async def _after(steps: int, player: Player, move: Move) -> None:
    """Make the move after so many other requests, so that either may come first."""
    for _ in range(steps):
        await player.ask(None, "/v1/programmes")
    await move()
