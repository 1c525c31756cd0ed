"""Who acts: a person or system, for which organisation, in which roles and over which area.

Made from a verified token and from nothing else; reactions and jobs act as `SYSTEM`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class Role(StrEnum):
    """What an actor may be; every route names the roles it admits."""

    APPLICANT = "applicant"
    RECOMMENDER = "recommender"
    RECOGNITION_OFFICER = "recognition_officer"
    EXPERT = "expert"
    OBSERVER = "observer"
    OFFICE = "office"
    DEPARTMENT = "department"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """One caller.

    `sub` is the person or system, `org` its organisation (a USCC or an agency code), `division` the six-digit area it
    is responsible for, `client` the program it calls through. Two persons are two different `sub`.
    """

    sub: str
    org: str
    roles: frozenset[Role]
    division: str | None = None
    client: str = ""

    def has(self, *roles: Role | str) -> bool:
        """Tell whether the actor has at least one of these roles."""
        return not self.roles.isdisjoint(roles)


class Verifier(Protocol):
    """Tells from a token who is calling; the real issuer's keys and a test double are both this."""

    async def verify(self, token: str) -> Actor:
        """Return the actor. Raises InvalidToken, or ServiceUnavailable when the issuer's keys cannot be had."""


SYSTEM: Final = Actor(sub="system", org="system", roles=frozenset(), client="system")
ANONYMOUS: Final = Actor(sub="anonymous", org="", roles=frozenset(), client="anonymous")
