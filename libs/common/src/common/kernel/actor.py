"""Who acts: a person or system, for which organisation, in which roles and over which area.

An actor is made from a verified token only; reactions and jobs act as `SYSTEM`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol


class Role(StrEnum):
    """The roles of actors; every route names the roles that it admits."""

    APPLICANT = "applicant"
    RECOMMENDER = "recommender"
    RECOGNITION_OFFICER = "recognition_officer"
    EXPERT = "expert"
    OBSERVER = "observer"
    OFFICE = "office"
    DEPARTMENT = "department"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


ANYONE: Final = frozenset(Role)
"""Everybody who has a token."""
PUBLIC: Final[frozenset[Role]] = frozenset()
"""Everybody, with or without a token."""
PROVINCE_WIDE: Final = frozenset({Role.RECOGNITION_OFFICER, Role.OFFICE, Role.DEPARTMENT, Role.OBSERVER})
"""The roles whose area is the whole province: they see every submitted case."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One caller.

    `sub` is the person or system, `org` its organisation (a USCC or an agency code), `division` the six-digit area it
    is responsible for, `client` the program that sends its requests. Two persons never share a `sub`.
    """

    sub: str
    org: str
    roles: frozenset[Role]
    division: str | None = None
    client: str = ""

    def has(self, *roles: Role | str) -> bool:
        """Return whether the actor has at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def acting_as(self, roles: AbstractSet[Role]) -> "Actor":
        """Return the actor in those of its roles only: a command sees what the roles of its route see, and no more."""
        return self if self.roles <= roles else replace(self, roles=self.roles & roles)

    def is_recused_from(self, org: str) -> bool:
        """Return whether a case of this organisation is the actor's own: on that one acts as its applicant only."""
        return bool(self.roles) and self.org == org and Role.APPLICANT not in self.roles


class Verifier(Protocol):
    """Returns the actor that a token belongs to; implemented by the real issuer's keys and by a test double."""

    async def verify(self, token: str) -> Actor:
        """Return the actor. Raises InvalidToken, or ServiceUnavailable when the issuer's keys cannot be fetched."""


SYSTEM: Final = Actor(sub="system", org="system", roles=frozenset(), client="system")
ANONYMOUS: Final = Actor(sub="anonymous", org="", roles=frozenset(), client="anonymous")
