"""Everybody who acts in a random round, and who of them falls silent in the end."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from common.codes.divisions import Level, at_level
from common.kernel.actor import Actor, Role
from support.casts import reviewing

COUNTIES: Final = ("370102", "370103", "370202")
CITIES: Final = ("370100", "370200")
OFFICERS: Final = 3
EXPERTS: Final = 7
ALONE: Final = frozenset({Role.OFFICE, Role.RECOGNITION_OFFICER, Role.ADMINISTRATOR})
"""The roles that go on when everybody else has fallen silent: of their persons one may fall silent too."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person in one role; `token` is what the test's verifier reads."""

    role: Role
    org: str
    division: str
    sub: str

    @property
    def token(self) -> str:
        """Return the token that spells the person out."""
        return f"{self.role}|{self.org}|{self.division}|{self.sub}"

    @property
    def actor(self) -> Actor:
        """Return the person as the services see him."""
        return Actor(sub=self.sub, org=self.org, roles=frozenset({self.role}), division=self.division or None)


ADMINISTRATOR: Final = Person(Role.ADMINISTRATOR, "OPS", "", "administrator-1")


class People:
    """The persons of one round by role, in a fixed order."""

    def __init__(self, *, firms: int) -> None:
        self.firms = [self._firm(number) for number in range(1, firms + 1)]
        self.experts = [expert(number) for number in range(1, EXPERTS + 1)]
        officers = [Person(Role.RECOGNITION_OFFICER, "SD-BODY", "370000", f"officer-{n + 1}") for n in range(OFFICERS)]
        offices = [Person(Role.OFFICE, "SD-OFFICE", "370000", f"office-{n + 1}") for n in range(OFFICERS)]
        recommenders = [
            Person(Role.RECOMMENDER, f"SD-{division}", division, f"recommender-{division}")
            for division in (*COUNTIES, *CITIES)
        ]
        partners = [Person(Role.PARTNER, "JN-PARTNER", "370100", f"partner-{n}") for n in (1, 2)]
        self.everybody = (
            *self.firms, *self.experts, *officers, *offices, *recommenders, *partners,
            Person(Role.OBSERVER, "SD-WATCH", "370000", "observer-1"), ADMINISTRATOR,
        )  # fmt: skip

    def of(self, roles: Iterable[Role]) -> list[Person]:
        """Return the persons in these roles."""
        wanted = frozenset(roles)
        return [one for one in self.everybody if one.role in wanted]

    def silent(self, drawn: random.Random, *, chosen: int) -> frozenset[str]:
        """Return the `sub` of all applicants, and of the chosen others; of officers and office one each at most."""
        others = drawn.sample([one for one in self.everybody if one.role not in {Role.APPLICANT, *ALONE}], chosen)
        alone = [drawn.choice(self.of([role])) for role in (Role.OFFICE, Role.RECOGNITION_OFFICER)]
        falling = [one for one in alone if drawn.random() < 0.5]
        return frozenset(one.sub for one in (*self.firms, *others, *falling))

    @staticmethod
    def _firm(number: int) -> Person:
        division = [*COUNTIES, "370200"][number % 4]
        return Person(Role.APPLICANT, reviewing.uscc(number), division, f"firm-{number}")


def expert(number: int) -> Person:
    """Return the n-th expert."""
    return Person(Role.EXPERT, "FREE", "370300", f"expert-{number}")


def concerned(person: Person, row: Mapping[str, Any], table: str) -> bool:
    """Return whether a person would come to act on a row: his own case, his area, his sheet."""
    match person.role:
        case Role.APPLICANT:
            return bool(row.get("applicant", person.org) == person.org)
        case Role.RECOMMENDER:
            level = Level.CITY if person.division.endswith("00") else Level.COUNTY
            return table != "applications" or at_level(row["division"], level) == person.division
        case Role.EXPERT:
            return bool(row.get("expert_sub", row.get("sub", person.sub)) == person.sub)
    return True
