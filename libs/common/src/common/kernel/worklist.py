"""Who must act next, a role, and for some roles also which organisation or person; and until which day.

The aggregate writes both at each move (storage/waiting/desks.py); `?waiting_for=me` selects the actor's own values.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.kernel.actor import Actor, Role


def waits_for(role: Role, whose: str | None = None) -> str:
    """Return the value for one role: `recommender:370102`, `applicant:<org>`, `recognition_officer`."""
    return role if whose is None else f"{role}:{whose}"


def desks(actor: Actor) -> list[str]:
    """Return every value that means this actor."""
    own = {Role.APPLICANT: actor.org, Role.RECOMMENDER: actor.division, Role.EXPERT: actor.sub}
    return [waits_for(role, own.get(role)) for role in sorted(actor.roles)]


def proposed_by_oneself(proposal: Any, actor: Actor) -> Any:  # noqa: ANN401 -- a proposal, a row, or the table's columns
    """Return whether the actor made the proposal, which another person decides; of columns, the condition in SQL."""
    return proposal.proposed_by == actor.sub


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The time that somebody has: `due_on` is its last day, `remind_on` the day on which he is reminded, if any.

    `clock` names the programme's clock; `counting` says, ready to be stored, how its days were counted
    (codes/calendar.py), None for a term that ends with a window of its round.
    """

    clock: str
    due_on: date
    remind_on: date | None = None
    counting: dict[str, Any] | None = None
