"""Random moves of everybody in small rounds: whatever happens to one case, the list stays lawful and the round ends.

The invariants are checked after every move, from what is stored and published, not from the model's own answers.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import update

from common.contracts.review.announcements import AnnouncementPublished
from common.contracts.review.notices import NoticePublished
from common.contracts.review.rankings import ShortlistChanged
from common.contracts.review.reviews import ReviewCompleted
from common.kernel.clock import legal_date
from support.casts.programmes import full_scores
from support.casts.reviewing import (
    HONOUR,
    OFFICE,
    OFFICER,
    OTHER_OFFICER,
    PARTNER,
    ROUND,
    Round,
    attach_ballots,
    firm,
    objection,
    upload,
    vote,
    withdrawn,
)
from support.service.alone import Alone

ENDED: Final = ("recognised", "not_recognised", "withdrawn")
MOVES: Final = 30
WHY: Final = {"reason": "须补充说明。"}


@dataclass
class Play:
    """One round that random people play; `seen` is what was stored before the last move."""

    service: Alone
    round_: Round
    chance: random.Random
    ranking: str = ""
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    counted: int = 0
    announced: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    documents: int = 0

    async def begin(self) -> None:
        """Rank a round whose cases have been scored."""
        await self.round_.open()
        await self.round_.conclude_acceptance()
        programme = self.round_.programme()
        table = self.service.service.metadata.tables["reviews"]
        async with self.service.runtime.storage.database.write() as connection:
            for number, review in enumerate(self.round_.reviews.values()):
                share = "0.5" if number == 0 else f"0.{9 - number % 3}"
                sheet = {leaf: programme.score_cap(leaf) * 0 for leaf in programme.leaves}
                sheet |= {leaf: type(sheet[leaf])(points) for leaf, points in full_scores(HONOUR, share=share).items()}
                trace = programme.official_score([sheet] * 3)
                scored = {"state": "scored", "score": trace.official, "arithmetic": trace.as_json()}
                await connection.execute(update(table).where(table.c.id == review).values(scored))
            await connection.commit()
        self.ranking = (await self.round_.post("/v1/rankings", {"round_id": ROUND, "seed": "s"}))["id"]
        self.seen = await self.cases()

    async def cases(self) -> dict[str, dict[str, Any]]:
        """Return the stored cases by review id."""
        return {row["id"]: row for row in await self.service.rows("reviews")}

    async def send(self, path: str, body: object = None, *, who: str = OFFICER) -> bool:
        """Send a command, which may be refused but never fails; returns whether it was stored."""
        answer = await self.service.send("POST", path, body, who=who)
        assert answer.status_code in {201, 403, 404, 409, 422}, answer.text
        if answer.status_code != 201:
            self.refused.add(answer.json()["code"])
            assert answer.json()["code"] not in {"role-missing", "request-invalid"}, answer.text
        return answer.status_code == 201

    async def some_case(self) -> dict[str, Any]:
        return self.chance.choice([*self.seen.values()])

    async def last(self, table: str) -> dict[str, Any] | None:
        rows = await self.service.rows(table)
        return max(rows, key=lambda row: row["id"], default=None)

    async def move(self) -> str:
        """Make one random move and check what must hold after it; returns its name."""
        name = self.chance.choice([one for one in dir(self) if one.startswith("do_")])
        await getattr(self, name)()
        await self.check(name)
        return name

    async def do_withdraw(self) -> None:
        case = await self.some_case()
        if case["state"] != "withdrawn":
            await self.service.deliver(withdrawn(int(case["application_id"].removeprefix("app_"))))

    async def do_remove(self) -> None:
        ground, rule = self.chance.choice([("veto", "tax_evasion"), ("false_statement", None), ("veto", "no_such")])
        body = {"review_id": (await self.some_case())["id"], "ground": ground, "veto_rule": rule, **WHY}
        await self.send(f"/v1/rankings/{self.ranking}/removals", body, who=self.chance.choice([OFFICE, OFFICER]))

    async def do_hold(self) -> None:
        await self.send(f"/v1/reviews/{(await self.some_case())['id']}/holds", WHY, who=OFFICE)

    async def do_release(self) -> None:
        await self.send(f"/v1/reviews/{(await self.some_case())['id']}/releases", WHY, who=OFFICE)

    async def do_show(self) -> None:
        await self.send("/v1/notices", {"ranking_id": self.ranking})

    async def do_let_days_pass(self) -> None:
        self.service.legal.move(days=self.chance.randint(1, 12))

    async def do_object(self) -> None:
        notice = await self.last("notices")
        if notice is None or not notice["items"]:
            return
        case = self.chance.choice(notice["items"])["application_id"]
        drafted = await self.service.send("POST", "/v1/objections", objection(notice["id"], case), who=PARTNER)
        if drafted.status_code == 201:
            path = f"/v1/objections/{drafted.json()['id']}"
            await upload(self.service, f"{path}/evidence", who=PARTNER)
            await self.send(f"{path}/filings", who=PARTNER)

    async def do_hear(self) -> None:
        filed = await self.last("objections")
        if filed is not None:
            path, number = f"/v1/objections/{filed['id']}", int(filed["application_id"].removeprefix("app_"))
            if await self.send(f"{path}/hearings", {"question": "请说明。"}) and self.chance.random() < 0.5:
                await self.send(f"{path}/statements", {"statement": "不属实。"}, who=firm(number))

    async def do_answer(self) -> None:
        filed = await self.last("objections")
        if filed is not None:
            answer = {"verdict": self.chance.choice(["upheld", "rejected"]), **WHY}
            await self.send(f"/v1/objections/{filed['id']}/answers", answer)

    async def do_vote(self) -> None:
        await self.send("/v1/deliberations", vote(self.ranking))

    async def do_conclude(self) -> None:
        recorded = await self.last("deliberations")
        if recorded is not None:
            if recorded["state"] == "recorded":
                await attach_ballots(self.service, recorded["id"])
            await self.send(f"/v1/deliberations/{recorded['id']}/conclusions", who=OTHER_OFFICER)

    async def do_decide(self) -> None:
        recorded = await self.last("deliberations")
        verbs = ["confirmations"] * 6 + ["holds", "returns", "returns", "refusals"]
        if recorded is not None:
            verb = self.chance.choice(verbs)
            body = None if verb == "confirmations" else WHY
            await self.send(f"/v1/deliberations/{recorded['id']}/{verb}", body, who=OFFICE)

    async def do_discard(self) -> None:
        recorded = await self.last("deliberations")
        if recorded is not None and self.chance.random() < 0.3:
            await self.send(f"/v1/deliberations/{recorded['id']}/discards", WHY)

    async def do_announce(self) -> None:
        confirmed = await self.last("deliberations")
        if confirmed is None:
            return
        self.documents += 1
        body = {
            "deliberation_id": confirmed["id"],
            "document_number": f"{self.documents}号",
            "effective_on": (self.today() + timedelta(days=self.chance.randint(-1, 5))).isoformat(),
        }
        await self.send("/v1/announcements", body, who=OFFICE)

    async def do_call_reserve(self) -> None:
        await self.send(f"/v1/rankings/{self.ranking}/reserve-calls", WHY)

    async def do_close(self) -> None:
        await self.send(f"/v1/rankings/{self.ranking}/closures")

    def today(self) -> date:
        return legal_date(self.service.legal.now())

    async def check(self, name: str) -> None:
        """Check the invariants against what was stored before the move."""
        before, now = self.seen, await self.cases()
        places = [case for case in now.values() if case["state"] in {"shortlisted", "recognised"}]
        assert len(places) <= (self.round_.quota or 0), name
        for case in now.values():
            was = before[case["id"]]
            assert was["state"] not in ENDED or case["state"] == was["state"], name
            if case["state"] == "recognised" != was["state"]:
                assert was["hold"] is None, name
                assert was["state"] == "shortlisted", name
                assert await self.shown_before_today(case["application_id"]), name
        await self.check_reserve(before, now)
        await self.check_announced(now)
        self.seen = now

    async def check_reserve(self, before: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> None:
        """Each case that was called up stood first on the reserve list, those not counted that have ended."""
        changes = (await self.service.published(ShortlistChanged))[self.counted :]
        called = [one["data"]["review_id"] for one in changes if one["data"]["change"] == "called_up"]
        waiting = [
            case
            for case in before.values()
            if case["state"] == "outside" and case["on_reserve"] and now[case["id"]]["state"] not in ENDED
        ]
        ended_now = [one for one in called if now[one]["state"] in ENDED]
        assert ended_now == []
        first = sorted(waiting, key=lambda case: case["rank"])[: len(called)]
        assert called == [case["id"] for case in first]
        self.counted += len(changes)

    async def check_announced(self, now: dict[str, dict[str, Any]]) -> None:
        """What was announced is what was recognised, once, and every case has one outcome at most."""
        announced = [
            item["application_id"]
            for one in await self.service.published(AnnouncementPublished)
            for item in one["data"]["items"]
        ]
        recognised = [case["application_id"] for case in now.values() if case["state"] == "recognised"]
        assert sorted(announced) == sorted(recognised)
        completed = [one["data"]["application_id"] for one in await self.service.published(ReviewCompleted)]
        assert len(completed) == len(set(completed))

    async def shown_before_today(self, application_id: str) -> bool:
        """Return whether a notice that named the case had ended before this day."""
        return any(
            date.fromisoformat(one["data"]["closes_on"]) < self.today()
            and application_id in {item["application_id"] for item in one["data"]["items"]}
            for one in await self.service.published(NoticePublished)
        )

    async def end(self) -> None:
        """Do what is left to do, as diligent officers would, until every case has its outcome."""
        for _ in range(40):
            if all(case["state"] in ENDED for case in self.seen.values()):
                return
            for case in self.seen.values():
                if case["hold"] is not None and case["state"] not in ENDED:
                    assert await self.send(f"/v1/reviews/{case['id']}/releases", WHY, who=OFFICE)
            for one in await self.service.rows("objections"):
                if one["state"] in {"filed", "hearing", "stated"}:
                    answer = {"verdict": "rejected", **WHY}
                    assert await self.send(f"/v1/objections/{one['id']}/answers", answer)
            await self.check("answering")
            await self.one_step_further()
            await self.check("ending")
        raise AssertionError(f"the round does not end: {[case['state'] for case in self.seen.values()]}")

    async def one_step_further(self) -> None:
        (ranking,) = await self.service.rows("rankings")
        on_list = [case for case in self.seen.values() if case["state"] == "shortlisted"]
        if ranking["state"] == "deliberated":
            last = await self.last("deliberations")
            assert last is not None
            if last["state"] == "recorded":
                return await self.do_conclude()
            if last["state"] in {"concluded", "held"}:
                assert await self.send(f"/v1/deliberations/{last['id']}/confirmations", who=OFFICE)
                return None
            self.documents += 1
            body = {"deliberation_id": last["id"], "document_number": f"{self.documents}号"}
            body["effective_on"] = self.today().isoformat()
            assert await self.send("/v1/announcements", body, who=OFFICE)
            return None
        if not on_list:
            assert await self.send(f"/v1/rankings/{self.ranking}/closures")
            return None
        if ranking["state"] == "proposed" or any(case["shown_until"] is None for case in on_list):
            assert await self.send("/v1/notices", {"ranking_id": self.ranking})
        self.service.legal.move(days=20)
        assert await self.send("/v1/deliberations", vote(self.ranking))
        return None


@pytest.mark.parametrize("rule", ["automatic", "by_officer", "never"])
@pytest.mark.parametrize("seed", range(2))
async def test_random_moves_keep_the_list_lawful_and_every_case_gets_its_outcome(
    on_sqlite: Alone, rule: str, seed: int
) -> None:
    chance = random.Random(f"{rule} {seed}")  # noqa: S311 -- the moves of a game
    play = Play(on_sqlite, Round(on_sqlite, firms=7, quota=3, reserve=2, reserve_call=rule), chance)
    await play.begin()
    for _ in range(MOVES):
        await play.move()

    await play.end()

    assert {case["state"] for case in play.seen.values()} <= set(ENDED)
