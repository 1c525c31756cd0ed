"""The second part of a random round: applicants and the chosen persons are silent, and the offices end it alone.

Each row that lives is asked in turn what its desk can do; what is refused is left for another person, another act or a
later day. The days pass, and the platform's own jobs run. A round that is not over by then has a dead end.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from common.kernel.actor import Role
from common.kernel.worklist import waits_for
from support.rounds.bodies import (
    REASON,
    acceptance,
    announced,
    nobody_in_time,
    nothing_open,
    scores,
    seats,
    shown,
    vote,
)
from support.rounds.people import Person, expert
from support.rounds.stage import Seen, Stage

LONGEST: Final = 60
"""How often the days pass before the round is given up."""
DAYS: Final = 4
TURNS: Final = 400
"""How often the offices look before that."""
ENDED: Final = frozenset({"rejected", "withdrawn", "lapsed"})
OVER: Final = frozenset({"recognised", "not_recognised", "withdrawn"})
BEFORE_RANKING: Final = frozenset({"pending", "assigned"})

Row = dict[str, Any]


class DeadEnd(AssertionError):  # noqa: N818 -- says what is wrong
    """Something lives that nobody can end."""


class Offices:
    """The persons who are left, and what they do with each thing that waits."""

    def __init__(self, stage: Stage, silent: frozenset[str]) -> None:
        """Without anybody silent the firms and the recommenders act as well, each on his own desk."""
        self.stage = stage
        left = [one for one in stage.people.everybody if one.sub not in silent]
        self.officers = [one for one in left if one.role is Role.RECOGNITION_OFFICER]
        self.office = [one for one in left if one.role is Role.OFFICE]
        self.recommenders = [one for one in left if one.role is Role.RECOMMENDER] if not silent else []
        self.firms = {one.org: one for one in left if one.role is Role.APPLICANT}
        self.experts = {one.sub: one for one in left if one.role is Role.EXPERT}
        self.seen: Seen = {}

    async def finish(self, until: Callable[[Seen], bool] = lambda _: False) -> None:
        """Bring the round to its end, or as far as is asked. Raises DeadEnd."""
        idle = 0
        for _ in range(TURNS):
            await self.stage.together.settle()
            self.seen = await self.stage.look()
            if not (living := self._living()) or until(self.seen):
                return
            if await self._turn():
                continue
            idle += 1
            if idle > LONGEST:
                raise DeadEnd("; ".join(living))
            self.stage.together.legal.move(days=DAYS)
            await self.stage.together.run_jobs()
        raise DeadEnd(f"the offices go round in a circle: {'; '.join(living)}")

    def _living(self) -> list[str]:
        """Return what has no decision yet."""
        found = [f"round {one['id']} is {one['state']}" for one in self.seen["rounds"] if one["state"] != "concluded"]
        found += [
            f"application {one['id']} is {one['state']} on {one['waits_for']}"
            for one in self.seen["applications"]
            if one["state"] not in ENDED and (one["state"] == "withdrawal_requested" or one["outcome"] is None)
        ]
        found += [f"review {one['id']} is {one['state']}" for one in self.seen["reviews"] if one["state"] not in OVER]
        for noun, ended in (
            ("rankings", {"announced", "refused", "closed"}),
            ("deliberations", {"discarded", "returned", "refused", "announced"}),
            ("objections", {"drafted", "upheld", "rejected"}),
            ("redraws", {"approved", "refused"}),
            ("registrations", {"registered"}),
            ("acts", {"approved", "refused", "lapsed"}),
        ):
            found += [f"{noun} {one['id']} is {one['state']}" for one in self.seen[noun] if one["state"] not in ended]
        return found

    async def _turn(self) -> bool:
        """Do what can be done on this day, by what was seen; returns whether anything was done."""
        done = [
            await self._each("applications", self._application),
            await self._each("rounds", self._round),
            await self._each("redraws", self._redraw),
            await self._each("sheets", self._sheet),
            await self._each("reviews", self._review),
            await self._each("objections", self._objection),
            await self._each("rankings", self._ranking),
            await self._each("deliberations", self._deliberation),
            await self._each("acts", self._act),
        ]
        return any(done) or await self._lift()

    async def _each(self, noun: str, act: Callable[[Row], Awaitable[bool]]) -> bool:
        return any([await act(row) for row in self.seen[noun]])

    async def _try(self, persons: Iterable[Person], operation: str, path: str, body: object = None) -> bool:
        """Have the first of these persons do it who can."""
        for person in persons:
            if (await self.stage.do(person, operation, path, body)).is_success:
                return True
        return False

    async def _application(self, row: Row) -> bool:
        path, desk = f"/v1/applications/{row['id']}", str(row["waits_for"] or "").partition(":")[0]
        late = {"reasons": ["逾期未办理。"]}
        match str(row["state"]):
            case "submitted":
                whose = [one for one in self.recommenders if row["waits_for"] == waits_for(one.role, one.division)]
                persons = self.office if desk == Role.OFFICE else whose
                opinion = {"opinion": "同意推荐。", "confirms_division": True}
                return await self._try(persons, "recommend_application", f"{path}/recommendations", opinion) or (
                    await self._try(persons, "return_application", f"{path}/returns", REASON)
                )
            case "draft" if row["applicant"] in self.firms:
                return await self._try([self.firms[row["applicant"]]], "submit_application", f"{path}/submissions")
            case "recommended":
                body = acceptance(self.stage.given(self.seen), row)
                return await self._try(self.officers, "accept_application", f"{path}/acceptances", body) or (
                    await self._try(self.officers, "reject_application", f"{path}/rejections", late)
                )
            case "returned" | "supplement_requested" if row["overdue_at"] is not None:
                return await self._try(self.officers, "reject_application", f"{path}/rejections", late)
        return False

    async def _round(self, row: Row) -> bool:
        path, seed = f"/v1/rounds/{row['id']}", {"round_id": row["id"], "seed": f"seed {self.stage.number()}"}
        states = {str(one["state"]) for one in self.seen["reviews"]}
        if row["state"] == "closed" and nothing_open(self.stage.given(self.seen), row):
            return await self._try(self.officers[:1], "conclude_acceptance", f"{path}/acceptance-conclusions")
        if row["state"] == "concluded" and "pending" in states:
            drawn = await self._try(self.officers[:1], "draw_panels", "/v1/draws", seed)
            return drawn or await self._more_experts()
        if "scored" in states and not states & BEFORE_RANKING and not self.seen["rankings"]:
            return await self._try(self.officers[:1], "propose_ranking", "/v1/rankings", seed)
        return False

    async def _more_experts(self) -> bool:
        for _ in range(3):
            person = expert(100 + self.stage.number())
            await self.stage.enter_expert(person)
            self.experts[person.sub] = person
        return True

    async def _redraw(self, row: Row) -> bool:
        if row["state"] != "proposed":
            return False
        return await self._try(self.officers, "refuse_redraw", f"/v1/redraws/{row['id']}/refusals", REASON)

    async def _review(self, row: Row) -> bool:
        path = f"/v1/reviews/{row['id']}"
        if row["hold"] is not None and row["state"] not in OVER:
            released = await self._try(self.office, "release_review", f"{path}/releases", REASON)
            return released or await self._remove(row)
        if row["state"] != "assigned" or not nobody_in_time(self.stage.given(self.seen), row):
            return False
        if await self._try(self.officers, "close_panel", f"{path}/closings", REASON):
            return True
        if not row["vacant_seats"]:
            return False
        return await self._try(self.officers, "fill_seats", f"{path}/seats") or await self._more_experts()

    async def _remove(self, row: Row) -> bool:
        body = REASON | {"review_id": row["id"], "ground": "office_decision", "veto_rule": None}
        lists = [f"/v1/rankings/{one['id']}/removals" for one in self.seen["rankings"]]
        return any([await self._try(self.office, "remove_case", path, body) for path in lists])

    async def _sheet(self, row: Row) -> bool:
        if row["state"] != "open":
            return False
        path, person = f"/v1/sheets/{row['id']}", self.experts.get(row["expert_sub"])
        if person is None:
            late = row["due_on"] < self.stage.today
            return late and await self._try(self.officers, "replace_expert", f"{path}/replacements", REASON)
        await self.stage.do(person, "sign_statement", "/v1/statements", {"round_id": row["round_id"]})
        body = scores(self.stage.given(self.seen), row)
        await self.stage.do(person, "fill_in_sheet", path, body, version=row["version"])
        return await self._try([person], "submit_sheet", f"{path}/submissions")

    async def _objection(self, row: Row) -> bool:
        path = f"/v1/objections/{row['id']}"
        if row["state"] == "filed":
            return await self._try(self.officers, "open_hearing", f"{path}/hearings", {"question": "请说明。"})
        if row["state"] not in {"hearing", "stated"}:
            return False
        verdict = "upheld" if row["state"] == "hearing" else "rejected"
        return await self._try(self.officers, "answer_objection", f"{path}/answers", REASON | {"verdict": verdict})

    async def _ranking(self, row: Row) -> bool:
        if row["state"] not in {"proposed", "on_notice"}:
            return False
        listed = [one for one in self.seen["reviews"] if one["state"] == "shortlisted"]
        unseen = [one for one in listed if one["shown_until"] is None]
        if not listed:
            return await self._try(self.officers[:1], "close_list", f"/v1/rankings/{row['id']}/closures")
        if unseen:
            return await self._try(self.officers[:1], "publish_notice", "/v1/notices", {"ranking_id": row["id"]})
        if not shown(self.stage.given(self.seen), row):
            return False
        votes = vote(row["id"], ["for"] * seats(self.stage.rules), of="deputy")
        return await self._try(self.officers, "record_deliberation", "/v1/deliberations", votes)

    async def _deliberation(self, row: Row) -> bool:
        path = f"/v1/deliberations/{row['id']}"
        match str(row["state"]):
            case "recorded":
                for kind in {"ballots", "minutes"} - {each["kind"] for each in row["attachments"]}:
                    await self.stage.upload(self.officers[0], "attach", f"{path}/attachments", kind=kind)
                return await self._try(self.officers, "conclude_deliberation", f"{path}/conclusions")
            case "concluded" | "held":
                return await self._try(self.office, "confirm_list", f"{path}/confirmations")
            case "confirmed":
                body = announced(row["id"], number=self.stage.number(), effective_on=self.stage.today)
                return await self._try(self.office, "publish_announcement", "/v1/announcements", body)
        return False

    async def _act(self, row: Row) -> bool:
        if row["state"] != "proposed":
            return False
        return await self._try(self.office, "refuse_act", f"/v1/acts/{row['id']}/refusals", REASON)

    async def _lift(self) -> bool:
        """Lift the recusals: nobody else is left to act on these cases."""
        in_force = [one for one in self.seen["recusals"] if one["in_force"]]
        paths = [f"/v1/recusals/{one['id']}/liftings" for one in in_force]
        return any([await self._try(self.office, "lift_recusal", path, REASON) for path in paths])
