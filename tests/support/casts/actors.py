"""Actors for tests of models, which no token names, and the ids of applicants."""

from common.kernel.actor import Actor, Role


def id_of(applicant: str) -> str:
    """Return the id of the applicant whose accounts have this code."""
    return f"apl_{applicant}"


def actor(role: str, *, org: str = "ORG", division: str | None = None, sub: str = "") -> Actor:
    """Return an actor in one role; its person is named after the role unless `sub` says otherwise."""
    return Actor(sub=sub or f"person-{role}", org=org, roles=frozenset({Role(role)}), division=division)
