"""Who a thing waits for, as one stored column: a role, and for applicants and recommenders also which one.

`waits_for` is written by the aggregate at each move; `?waiting_for=me` asks for the keys that are the actor's.
"""

from common.actor import Actor, Role


def waits_for(role: Role, whose: str | None = None) -> str:
    """Name the desk that something lies on: `recommender:370102`, `applicant:<uscc>`, `recognition_officer`."""
    return role if whose is None else f"{role}:{whose}"


def desks(actor: Actor) -> list[str]:
    """Return every desk that is this actor's."""
    own = {Role.APPLICANT: actor.org, Role.RECOMMENDER: actor.division, Role.EXPERT: actor.sub}
    return [waits_for(role, own.get(role)) for role in sorted(actor.roles)]
