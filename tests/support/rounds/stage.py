"""The stage of a random round: the platform with its people, the rules of the round, and what can be done on it now."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from httpx import Response

from common.kernel.clock import legal_date
from common.kernel.lifecycle import Lifecycle
from common.programme import Programme
from common.web.requests import Access
from common.web.router import Router
from support.casts import programmes, reviewing
from support.rounds.bodies import Given
from support.rounds.people import ADMINISTRATOR, CITIES, COUNTIES, People, Person, concerned, expert
from support.rounds.together import Together
from support.service.pdfs import pdf_of

Seen = Mapping[str, list[dict[str, Any]]]
CATEGORIES: Final = {"FAMOUS_PRODUCT": "high_end_equipment", "SERVICE_BRAND": "tourism"}
PROVINCE: Final = "SD-OFFICE"
FAILED: Final = 500


class Choice(NamedTuple):
    """Something that somebody may do to a row."""

    access: Access
    path: str
    who: Person
    row: dict[str, Any]


class PlatformFailed(AssertionError):  # noqa: N818 -- says what happened
    """The platform failed, where it should have answered or refused."""


@dataclass
class Stage:
    """One round as everybody finds it; `done` counts the operations that the platform has carried out."""

    together: Together
    people: People
    drawn: random.Random
    definition: dict[str, Any]
    round_id: str = ""
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    story: list[str] = field(default_factory=list)
    numbers: int = 0

    def __post_init__(self) -> None:
        """Read the rules, and find the nouns with states that have a table."""
        self.rules = Programme.from_definition(self.definition)
        self._routes: dict[Any, list[tuple[Access, set[str]]]] = {}
        self.nouns: list[tuple[str, Router, Lifecycle]] = [
            (part.service.name, router, router.lifecycle)
            for part in self.together.parts.values()
            for router in part.service.routers
            if router.lifecycle is not None and router.store is not None
        ]

    @property
    def today(self) -> date:
        """Return the legal date."""
        return legal_date(self.together.legal.now())

    def number(self) -> int:
        """Return a number that the round has not used."""
        self.numbers += 1
        return self.numbers

    def given(self, seen: Seen) -> Given:
        """Return what a body may depend on."""
        return Given(self.drawn, self.rules, self.today, seen, self.number())

    async def look(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row of every noun with states, by the noun's table."""
        found = {}
        for service, router, _ in self.nouns:
            table = router.store.model.__tablename__ if router.store else router.noun
            rows = await self.together.rows(service, table)
            found[router.noun] = rows
        return found

    def lawful(self, seen: Seen, persons: Iterable[Person]) -> Iterator[Choice]:
        """Yield what the lifecycles and the routes allow these persons to do, by the rows as they were seen."""
        persons = list(persons)
        for _, router, lifecycle in self.nouns:
            for row in seen[router.noun]:
                moves = self._moves(router, lifecycle, row["state"])
                line = Line(row)
                for person in persons if moves else ():
                    mine = [(access, actions) for access, actions in moves if person.role in access.allow]
                    if not mine or not concerned(person, row, router.noun):
                        continue
                    offered = set(lifecycle.offered(line, person.actor))
                    for access, actions in mine:
                        if offered & actions:
                            yield Choice(access, path_of(access, router, row), person, row)

    def _moves(self, router: Router, lifecycle: Lifecycle, state: Any) -> list[tuple[Access, set[str]]]:  # noqa: ANN401 -- a state of any noun
        """Return the routes that make a move from a state, each with its moves."""
        if state not in self._routes:
            allowed = set(lifecycle.allowed(state))
            own = [(access, set(access.actions)) for access in router.access if access.writes]
            steps = [(access, {action}) for action, access in router.steps.items()]
            self._routes[state] = [(access, actions) for access, actions in (*own, *steps) if actions & allowed]
        return self._routes[state]

    async def do(
        self, who: Person, operation: str, path: str, body: object = None, *, version: int | None = None
    ) -> Response:
        """Make a request, count it and keep it in the story. Raises PlatformFailed."""
        return self._noted(who, operation, path, await self.together.send(path, who.token, body, version=version))

    def _noted(self, who: Person, operation: str, path: str, answer: Response) -> Response:
        code = "" if answer.is_success else str(answer.json().get("code", answer.text))
        self.story.append(f"{self.today} {who.sub} {operation} {path}: {answer.status_code} {code}")
        if answer.status_code >= FAILED:
            raise PlatformFailed(self.story[-1])
        if answer.is_success:
            self.done[operation] += 1
        else:
            self.refused[f"{operation}: {code}"] += 1
        return answer

    async def upload(self, who: Person, operation: str, path: str, **form: str) -> Response:
        """Send a file; otherwise as `do`."""
        content = pdf_of(f"{path}{form}")
        return self._noted(who, operation, path, await self.together.upload(path, who.token, content, form))

    async def begin(self) -> None:
        """Enter the agencies, publish the rules, open the round and enter the pool."""
        for division in (*COUNTIES, *CITIES):
            kind = "city" if division in CITIES else "county"
            await self._agency(f"SD-{division}", kind, division)
        await self._agency(PROVINCE, "leading_group_office", "370000")
        proposer, publisher, opener = self.people.of(["office"])  # type: ignore[list-item]  # a role is a text
        proposed = await self.must(proposer, "/v1/programmes", {"definition": self.definition})
        await self.must(publisher, f"/v1/programmes/{proposed['id']}/publications")
        closes = date(2015, 10, 8) + timedelta(days=self.drawn.randint(8, 25))
        body = {
            "programme_id": proposed["id"],
            "year": 2015,
            "opens_at": "2015-10-08T00:00:00+08:00",
            "closes_at": f"{closes}T00:00:00+08:00",
        }
        self.round_id = (await self.must(opener, "/v1/rounds", body))["id"]
        for number in range(1, len(self.people.experts) + 1):
            await self.enter_expert(expert(number))
        await self.together.settle()

    async def enter_expert(self, person: Person) -> None:
        """Enter an expert who may take any seat."""
        officer = self.people.of(["recognition_officer"])[0]  # type: ignore[list-item]  # as above
        body = reviewing.person(person.sub) | {"specialities": [CATEGORIES[self.rules.honour]]}
        await self.must(officer, "/v1/experts", body)

    async def must(self, who: Person, path: str, body: object = None) -> dict[str, Any]:
        """Make a request that cannot be refused; returns the answer."""
        answer = await self.do(who, "set up", path, body)
        if not answer.is_success:
            raise PlatformFailed(answer.text)
        content: dict[str, Any] = answer.json()
        return content

    async def _agency(self, code: str, kind: str, division: str) -> None:
        body = {"code": code, "kind": kind, "name": f"机构 {code}", "division": division}
        await self.must(ADMINISTRATOR, "/v1/agencies", body)


class Line:
    """A row whose columns are read as attributes, as a lifecycle reads them."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.__dict__.update(row)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a column
        raise AttributeError(name)


def path_of(access: Access, router: Router, row: Mapping[str, Any]) -> str:
    """Return the route's address for a row."""
    key = row["number"] if router.noun == "brands" else row["id"]
    before, brace, after = access.path.partition("{")
    return access.path if not brace else f"{before}{key}{after.partition('}')[2]}"


def definition(drawn: random.Random) -> dict[str, Any]:
    """Return the rules of a random round: one of the honours that ships, with few places and short panels."""
    changed = programmes.definition(drawn.choice(sorted(CATEGORIES)))
    for material in changed["materials"]["kinds"]:
        material["required"] = False
    changed["quota"] |= {"total": drawn.randint(1, 4), "reserve": drawn.randint(0, 3)}
    changed["quota"]["reserve_call"]["rule"] = drawn.choice(["automatic", "by_officer", "never"])
    changed["decision"]["recognition"]["seats"] = 5
    panel = changed["review"]["panel"]
    panel["seats"] = panel["seats"][: drawn.choice([1, 2, 2, 3])]
    panel["size"] = len(panel["seats"])
    panel["minimum_sheets"] = drawn.randint(1, panel["size"])
    for level in changed["recommendation"]:
        level["limit"] = drawn.choice([None, None, None, 1, 2, 3])
        level["skippable"] = drawn.random() < 0.5
    overdue = {
        "county_recommendation": ["escalate", "escalate", "remind", "return", "nothing"],
        "city_recommendation": ["escalate", "escalate", "remind", "return", "nothing"],
        "correction": ["reject", "remind", "nothing"],
        "formal_check": ["remind", "nothing"],
        "supplement": ["remind", "reject", "nothing"],
        "scoring": ["remind", "nothing"],
        "objection_hearing": ["remind", "nothing"],
        "objection_investigation": ["remind", "nothing"],
    }
    for clock, rules in overdue.items():
        changed["clocks"][clock] |= {"on_overdue": drawn.choice(rules)}
    changed["objections"] |= {"inside_notice_only": drawn.random() < 0.5, "evidence": drawn.random() < 0.5}
    return changed
