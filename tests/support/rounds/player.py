"""The player of a random round: again and again somebody does one of the things that are lawful for him.

The acts are those that the lifecycles and the routes offer on the rows as they are stored. What the player has seen may
be old when he acts, as in life: such an act is refused, or lawful all the same. Events travel and days pass at random.
"""

from collections.abc import Mapping
from typing import Any, Final

from common.kernel.actor import Role
from support.casts import programmes, reviewing
from support.casts.applying import CONTACT
from support.rounds.bodies import OPERATIONS, Given, weights_of_round
from support.rounds.people import ALONE, Person
from support.rounds.stage import Choice, Seen, Stage

AT_ONCE: Final = 4
"""How many acts follow one look."""
SETTLES: Final = 0.5
PASSES: Final = 0.12
"""How likely days pass after such acts."""
BEGINS: Final = 0.6
NEW: Final = 4
IDLE: Final = 0.3
"""How likely a case is begun; the weight of beginning something else, and of doing nothing."""


class Player:
    """Plays the first part of a round, in which nobody is silent."""

    def __init__(self, stage: Stage, *, cases: int) -> None:
        self.stage, self.drawn = stage, stage.drawn
        self.weights = weights_of_round(self.drawn)
        self.waiting = [self._item(number) for number in range(cases)]
        self.registered: set[str] = set()
        self.signed: set[str] = set()
        self.vain: set[tuple[str, str, int]] = set()
        """What was refused to whom, by path and version: it is not tried again on that day."""

    async def play(self, *, acts: int) -> None:
        """Make so many acts, lawful ones as far as the player sees."""
        for _ in range(acts // AT_ONCE):
            seen = await self.stage.look()
            busy = await self._act(seen)
            if self.drawn.random() < SETTLES:
                await self.stage.together.settle()
            if not busy or self.drawn.random() < PASSES:
                self.stage.together.legal.move(days=self.drawn.randint(1, 8))
                self.vain.clear()
                await self.stage.together.run_jobs()

    async def _act(self, seen: Seen) -> bool:
        """Make some acts one after the other, all by what was seen before the first; returns whether any was made."""
        given = self.stage.given(seen)
        choices = [one for one in self.stage.lawful(seen, self._present()) if self._sensible(one, given)]
        weights = [self.weights[one.access.operation] for one in choices]
        new, total, busy = self._new(seen), sum(weights), False
        for _ in range(AT_ONCE):
            if self.waiting and self.drawn.random() < BEGINS:
                await self._begin(*self.waiting.pop())
                busy = True
            elif new and self.drawn.random() < NEW / (NEW + total):
                await self._make(*self.drawn.choice(new), seen)
                busy = True
            elif choices and self.drawn.random() < total / (total + IDLE):
                (choice,) = self.drawn.choices(choices, weights)
                await self._follow(choice, seen)
                busy = True
        return busy

    def _sensible(self, choice: Choice, given: Given) -> bool:
        plan = OPERATIONS.get(choice.access.operation)
        if plan is None or not self.weights[choice.access.operation]:
            return False
        return plan.when(given, choice.row) and (choice.who.sub, choice.path, choice.row["version"]) not in self.vain

    def _present(self) -> list[Person]:
        """Return who might act now: of the office and of the recognition body one person each."""
        people = self.stage.people
        others = [one for one in people.everybody if one.role not in ALONE]
        return [*others, *(self.drawn.choice(people.of([role])) for role in (Role.OFFICE, Role.RECOGNITION_OFFICER))]

    async def _follow(self, choice: Choice, seen: Seen) -> None:
        operation, row, who = choice.access.operation, choice.row, choice.who
        if operation == "attach_evidence":
            await self.stage.upload(who, operation, choice.path)
        elif operation == "attach_to_deliberation":
            await self.stage.upload(who, operation, choice.path, kind=self.drawn.choice(["ballots", "minutes"]))
        else:
            if operation in {"publish_announcement", "approve_act"}:
                await self.stage.together.settle()  # what the register says is known before anybody decides on it
            body = OPERATIONS[operation].body(self.stage.given(seen), row)
            version = row["version"] if choice.access.method == "PUT" else None
            if operation == "fill_in_sheet" and who.sub not in self.signed:
                self.signed.add(who.sub)
                await self.stage.do(who, "sign_statement", "/v1/statements", {"round_id": self.stage.round_id})
            answer = await self.stage.do(who, operation, choice.path, body, version=version)
            if not answer.is_success:
                self.vain.add((who.sub, choice.path, row["version"]))
            if operation == "approve_act":
                await self.stage.together.settle()

    def _item(self, number: int) -> tuple[Person, dict[str, Any]]:
        """Return one case: a firm with answers, now and then for the mark of another one or in a wrong category."""
        who = self.drawn.choice(self.stage.people.firms)
        answers = programmes.answers(self.stage.rules.honour)
        mark = number if self.drawn.random() < 0.75 else self.drawn.randint(0, number)
        if "trademark" in answers:
            answers["trademark"] |= {"registration_number": f"9{mark:07d}"}
        else:
            answers["brand_name"] = f"虚构品牌{mark}"
        if self.drawn.random() < 0.05:
            answers["industry_code"] = "A0111"
        return who, answers

    async def _begin(self, who: Person, answers: dict[str, Any]) -> None:
        """Register a firm the first time, with or without an account that names its division, and begin a draft."""
        if who.sub not in self.registered:
            self.registered.add(who.sub)
            body = {
                "uscc": who.org,
                "name": f"济南虚构{who.sub}有限公司",
                "kind": "enterprise",
                "division": who.division,
                "contact": CONTACT,
            }
            area = who.division if self.drawn.random() < 0.6 else ""
            named = Person(who.role, who.org, area, who.sub)
            await self.stage.do(named, "register_applicant", "/v1/applicants", body)
        draft = {"round_id": self.stage.round_id, "answers": answers}
        await self.stage.do(who, "create_application", "/v1/applications", draft)

    def _new(self, seen: Seen) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what could be begun: a draw, a ranking, an objection, a recusal, an expert's conflict."""
        found: list[tuple[str, Mapping[str, Any]]] = []
        (round_,) = seen["rounds"]
        reviews = seen["reviews"]
        if round_["state"] == "concluded":
            if any(one["state"] == "pending" for one in reviews):
                found += [("draw_panels", round_)] * 3
            states = {str(one["state"]) for one in reviews}
            if not seen["rankings"] and "scored" in states and not states & {"pending", "assigned"}:
                found += [("propose_ranking", round_)] * 4
        found += [("draft_objection", one) for one in seen["notices"] if one["items"] and len(seen["objections"]) < 4]
        if self.drawn.random() < 0.04:
            found += [("declare_recusal", one) for one in seen["applications"][:1]]
            found += [("declare_conflict", one) for one in seen["experts"][:2]]
        return found

    async def _make(self, operation: str, row: Mapping[str, Any], seen: Seen) -> None:
        people, seed = self.stage.people, {"round_id": self.stage.round_id, "seed": f"seed {self.stage.number()}"}
        officer = self.drawn.choice(people.of([Role.RECOGNITION_OFFICER]))
        match operation:
            case "draw_panels":
                await self.stage.do(officer, operation, "/v1/draws", seed)
            case "propose_ranking":
                await self.stage.do(officer, operation, "/v1/rankings", seed)
            case "draft_objection":
                objector = self.drawn.choice(people.of([Role.PARTNER, Role.EXPERT]))
                item = self.drawn.choice(row["items"])
                body = reviewing.objection(row["id"], item["application_id"])
                await self.stage.do(objector, operation, "/v1/objections", body)
            case "declare_recusal":
                bound = self.drawn.choice(people.of([Role.OFFICE, Role.RECOGNITION_OFFICER, Role.RECOMMENDER]))
                person = self.drawn.choice([bound.sub, f"member-{self.drawn.randint(1, 5)}"])
                by = self.drawn.choice(people.of([Role.OFFICE]))
                one = self.drawn.choice(seen["applications"])
                body = {"applicant": one["applicant"], "person": person, "reason": "近亲属任职。"}
                await self.stage.do(by, operation, "/v1/recusals", body)
            case _:
                one = self.drawn.choice(seen["applications"] or [{"applicant": reviewing.uscc(1)}])
                body = {"organisation": one["applicant"], "ground": "near_relative", "since_on": None, "until_on": None}
                await self.stage.do(officer, operation, f"/v1/experts/{row['id']}/conflicts", body)
